import { expect, test } from "vitest";
import type { Message, Room } from "../wire/shapes";
import { describedBy } from "./described";

const room = { id: "r", name: "tea", topic: "black" } as Room;
const entry = (kind: string, text: string) => ({ room: "r", seq: 1, kind, text, author: null, at: "" }) as Message;

test("the log tells a room's new topic and new name", () => {
  expect(describedBy(room, entry("topic_changed", "green")).topic).toBe("green");
  expect(describedBy(room, entry("topic_changed", "")).topic).toBe("");
  expect(describedBy(room, entry("renamed", "coffee")).name).toBe("coffee");
});

test("what is posted describes nothing", () => {
  expect(describedBy(room, entry("posted", "green"))).toBe(room);
});
