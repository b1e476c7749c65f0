// Enter in the field of a page's address tries that page; anywhere else in the form it does what the main button says.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.id === "url") {
    event.preventDefault();
    document.querySelector("button[formaction='/subscriptions/test']")?.click();
  }
});
