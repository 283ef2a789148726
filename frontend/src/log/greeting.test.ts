import { expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import { isGreeting } from "./greeting";

const greeting: Message = {
  room: "r",
  seq: 1,
  kind: "posted",
  author: null,
  text: "Welcome to Besedka! Make yourself at home.",
  at: "2026-05-01T12:00:00Z",
};

test("the server's first words are its greeting, nobody else's are", () => {
  expect(isGreeting(greeting)).toBe(true);
  expect(isGreeting({ ...greeting, seq: 2 })).toBe(false);
  expect(isGreeting({ ...greeting, text: "Tea is ready" })).toBe(false);
  expect(isGreeting({ ...greeting, author: { id: "a", username: "a", display_name: "A" } })).toBe(false);
});
