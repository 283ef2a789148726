import type { Message } from "../wire/shapes";

/** The server's own first message in the welcome room. Only the server writes without an author. */
export function isGreeting(message: Message): boolean {
  const { author, kind, seq, text } = message;
  return author === null && kind === "posted" && seq === 1 && text.startsWith("Welcome to Besedka!");
}
