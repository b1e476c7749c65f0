"""Content codings: a page's is left for its reader, so that a damaged one is named there; robots.txt is unpacked."""

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class RobotsUnpacking(HttpCompressionMiddleware):
    """Scrapy's own middleware for what is no page and no entry. It takes half a gzip file for the whole."""

    def process_response(self, request: "Request", response: "Response") -> "Request | Response":  # type: ignore[override]
        return response if "role" in request.meta else super().process_response(request, response)
