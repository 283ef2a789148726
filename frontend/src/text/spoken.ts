/** What one would read aloud of a message: its words without the marks. Nothing in it is loaded or run. */
export function spoken(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}
