import type { Directive } from "vue";
import { linked, namesMe } from "../text/linked";

/**
 * Finishes HTML that the server rendered: marks @names and keeps links from replacing the chat. It
 * works on the nodes of the finished tree, so it can add nothing but spans, whatever the text says.
 */
export const vFinished: Directive<HTMLElement, string> = {
  mounted(element, { value: username }) {
    for (const link of element.querySelectorAll("a")) link.target = "_blank";
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) if (!text.parentElement?.closest("code, a")) markIn(text, username);
  },
};

function markIn(text: Text, username: string): void {
  const segments = linked(text.data);
  if (!segments.some((segment) => segment.type === "mention")) return;
  const nodes = segments.map((segment) => {
    if (segment.type !== "mention") return document.createTextNode(segment.text);
    const span = document.createElement("span");
    span.className = namesMe(segment.text, username) ? "mention mention--me" : "mention";
    span.textContent = segment.text;
    return span;
  });
  text.replaceWith(...nodes);
}
