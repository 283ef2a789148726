import { expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import {
  accepted,
  asMessage,
  discarded,
  interrupted,
  isCommand,
  nextToSend,
  refused,
  retried,
  sent,
  shownIn,
  written,
} from "./pending";
import type { Posts } from "./pending";

const alice = { id: "a", username: "alice", display_name: "Alice" };

function post(key: string, text = key, room = "r") {
  return { key, room, text, replyTo: null, at: "2026-01-01T00:00:00.000Z" };
}

function pushed(seq: number, key?: string): Message {
  return { room: "r", seq, kind: "posted", author: alice, text: "", at: "2026-01-01T00:00:00.000Z", key };
}

const one: Posts = sent(written([], post("k1")), "k1");

test("posts of one room are sent one after the other, in the order they were written", () => {
  const two = written(written([], post("k1")), post("k2"));

  expect(nextToSend(two, "r")?.key).toBe("k1");
  expect(nextToSend(sent(two, "k1"), "r")).toBeUndefined();
  expect(nextToSend(accepted(sent(two, "k1"), "k1", 7, 6), "r")?.key).toBe("k2");
});

test("a slow post in one room does not keep another room waiting", () => {
  expect(nextToSend(written(one, post("k2", "hi", "other")), "other")?.key).toBe("k2");
});

test("answered first and pushed later, a post stays visible in between and is never doubled", () => {
  const answered = accepted(one, "k1", 7, 6);
  expect(answered).toHaveLength(1);

  expect(shownIn(answered, "r", [pushed(7, "k1")], 7)).toEqual([]);
});

test("pushed first and answered later, a post is gone at the push", () => {
  const shown = shownIn(one, "r", [pushed(7, "k1")], 7);

  expect(shown).toEqual([]);
  expect(accepted(shown, "k1", 7, 7)).toEqual([]);
});

test("an accepted post is recognised by its seq where the log does not tell keys", () => {
  expect(shownIn(accepted(one, "k1", 7, 6), "r", [pushed(7)], 7)).toEqual([]);
});

test("a post answered when the log already shows its seq leaves nothing behind", () => {
  expect(accepted(one, "k1", 7, 7)).toEqual([]);
});

test("an unanswered post is sent again with the same key after the connection broke", () => {
  expect(nextToSend(interrupted(one), "r")?.key).toBe("k1");
});

test("a command is not repeated by itself: it may have been done", () => {
  const clearing = sent(written([], post("k1", "/clear")), "k1");

  expect(interrupted(clearing)[0]).toMatchObject({ state: "refused", refusal: "interrupted" });
});

test("a refused post waits for its author and lets later ones pass", () => {
  const two = written(refused(one, "k1", "muted"), post("k2"));

  expect(nextToSend(two, "r")?.key).toBe("k2");
  expect(nextToSend(retried(two, "k1"), "r")?.key).toBe("k1");
  expect(discarded(two, "k1").map((left) => left.key)).toEqual(["k2"]);
});

test("a doubled slash is shown as the one that will be posted", () => {
  expect(asMessage(written([], post("k", "//etc"))[0]!, alice).text).toBe("/etc");
});

test.each([
  ["/help", true],
  ["/topic Tea", true],
  ["/me waves", false],
  ["//literal", false],
  ["1/2", false],
])("%s is a command: %s", (text, expected) => {
  expect(isCommand(text)).toBe(expected);
});
