/** From one result to the next, and from the first back to what stands before them. */
export function stepInResults(event: KeyboardEvent, all: readonly HTMLElement[], before: () => void): void {
  if (event.altKey || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const at = all.indexOf(document.activeElement as HTMLElement);
  if (event.key === "ArrowUp" && at <= 0) before();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else all[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}
