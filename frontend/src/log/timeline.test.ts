import { expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import { folded, timeline } from "./timeline";
import type { View } from "./timeline";

const alice = { id: "a", username: "alice", display_name: "Alice" };
const bob = { id: "b", username: "bob", display_name: "Bob" };

function at(day: number, hour: number, minute: number): string {
  return new Date(2026, 4, day, hour, minute).toISOString();
}

function message(seq: number, fields: Partial<Message> = {}): Message {
  return { room: "r", seq, kind: "posted", author: alice, text: "x", at: at(1, 12, 0), ...fields };
}

const VIEW: View = { myId: "me", isDirect: false, newAfter: null, since: 0 };

function shape(messages: Message[], view: Partial<View> = {}): string[] {
  return timeline(messages, { ...VIEW, ...view }).map((row) =>
    row.type === "message" && row.continued ? "continued" : row.type,
  );
}

test("each local day begins with a separator", () => {
  expect(shape([message(1), message(2, { at: at(2, 0, 5) })])).toEqual(["day", "message", "day", "message"]);
});

test("messages of one author within five minutes are grouped", () => {
  const group = [message(1), message(2, { at: at(1, 12, 4) }), message(3, { at: at(1, 12, 10) })];

  expect(shape(group)).toEqual(["day", "message", "continued", "message"]);
});

test("another author, a reply and a service message each break a group", () => {
  const broken = [
    message(1),
    message(2, { author: bob }),
    message(3, { author: bob, reply_to: 1 }),
    message(4, { kind: "topic_changed" }),
    message(5),
  ];

  expect(shape(broken)).toEqual(["day", "message", "message", "message", "service", "message"]);
});

test("the New line stands before the first posted message after my read position that is not mine", () => {
  const messages = [
    message(1),
    message(2, { kind: "arrived" }),
    message(3, { author: { ...alice, id: "me" } }),
    message(4),
    message(5),
  ];

  expect(shape(messages, { newAfter: 1 })).toEqual(["day", "message", "service", "message", "new", "message", "continued"]);
});

test("with nothing new there is no New line", () => {
  expect(shape([message(1)], { newAfter: 1 })).toEqual(["day", "message"]);
});

test("runs of comings and goings fold into one line, other service messages do not", () => {
  const run = [
    message(1, { kind: "joined" }),
    message(2, { kind: "arrived" }),
    message(3, { kind: "departed", author: bob }),
    message(4, { kind: "role_changed" }),
  ];

  expect(shape(run)).toEqual(["day", "fold", "service"]);
});

test("whoever joins in a run does not arrive as well", () => {
  const joined = message(1, { kind: "joined" });

  expect(shape([joined, message(2, { kind: "arrived" })])).toEqual(["day", "service"]);
  expect(shape([joined, message(2, { kind: "arrived", author: bob })])).toEqual(["day", "fold"]);
});

test("in a direct room nobody joins", () => {
  expect(shape([message(1, { kind: "joined" }), message(2)], { isDirect: true })).toEqual(["day", "message"]);
});

test("who came and went before my visit is no news, who joined is", () => {
  const run = [message(1, { kind: "joined" }), message(2, { kind: "departed" }), message(3, { kind: "arrived" })];

  expect(shape(run, { since: 3 })).toEqual(["day", "service"]);
  expect(shape(run, { since: 1 })).toEqual(["day", "fold"]);
});

test("that I came in is no news to me", () => {
  expect(shape([message(1, { kind: "arrived", author: { ...alice, id: "me" } })])).toEqual([]);
});

test("a fold names everyone once, by what they did last", () => {
  const run = [
    message(1, { kind: "arrived" }),
    message(2, { kind: "arrived", author: bob }),
    message(3, { kind: "departed", author: bob }),
  ];

  expect(folded(run)).toEqual({
    parts: [
      { kind: "arrived", names: ["Alice"] },
      { kind: "departed", names: ["Bob"] },
    ],
    more: 0,
  });
});

test("a fold names three people and counts the others", () => {
  const people = ["Alice", "Bob", "Carol", "Dan", "Eve"].map((name) => ({ ...alice, id: name, display_name: name }));
  const arrived = people.map((author, index) => message(index, { kind: "arrived", author }));
  const names = ["Alice", "Bob", "Carol"];

  expect(folded(arrived)).toEqual({ parts: [{ kind: "arrived", names }], more: 2 });
  expect(folded([...arrived, message(9, { kind: "departed", author: people[4] })])).toEqual({
    parts: [{ kind: "came_and_went", names }],
    more: 2,
  });
});

test("unknown kinds are not shown", () => {
  expect(shape([message(1, { kind: "sang" })])).toEqual([]);
});

test("the row of my post keeps its identity when the posted message replaces the pending one", () => {
  const pending = timeline([message(Infinity, { key: "k" })], VIEW).at(-1);
  const posted = timeline([message(7, { key: "k" })], VIEW).at(-1);

  expect(posted?.id).toBe(pending?.id);
});
