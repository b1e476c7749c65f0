// Says whether the list is still being kept up to date: a silent list must mean that nothing has changed.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "poll") {
    document.documentElement.dataset.live = event.detail.successful ? "on" : "off";
  }
});
// A choice filters at once; without this script the button does.
document.querySelector(".filters")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
