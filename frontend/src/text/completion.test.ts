import { expect, test } from "vitest";
import { completed, filterAt, stepped, triggerAt } from "./completion";

test.each([
  ["hello @al", "person", "al"],
  ["@", "person", ""],
  ["see #са", "room", "са"],
  ["/to", "command", "to"],
  [":th", "emoji", "th"],
])("%j asks for a %s", (text, kind, query) => {
  expect(triggerAt(text, text.length)).toMatchObject({ kind, query });
});

test.each(["me@example", "at 10:30", ":)", "half / way", "/topic tea", "say @al now"])(
  "%j asks for nothing",
  (text) => {
    expect(triggerAt(text, text.length)).toBeNull();
  },
);

test("only the word before the cursor is completed", () => {
  const text = "hi @al and";
  const trigger = triggerAt(text, 6)!;

  expect(completed(text, trigger, "@alice")).toEqual({ text: "hi @alice and", cursor: 10 });
});

test("a completion at the end leaves a space to go on", () => {
  expect(completed("@al", triggerAt("@al", 3)!, "@alice")).toEqual({ text: "@alice ", cursor: 7 });
});

test("the choice goes round at both ends", () => {
  expect(stepped(0, -1, 3)).toBe(2);
  expect(stepped(2, 1, 3)).toBe(0);
  expect(stepped(0, 1, 0)).toBe(0);
});

test.each([
  ["from:", "from", "", "from:alice "],
  ["rose from:@al", "from", "al", "rose from:alice "],
  ["In:#са", "in", "са", "in:сад "],
])("in a query, %j is completed", (query, kind, name, whole) => {
  const trigger = filterAt(query, query.length)!;

  expect(trigger).toMatchObject({ kind, query: name });
  expect(completed(query, trigger, kind === "from" ? "from:alice" : "in:сад").text).toBe(whole);
});

test.each(["before:", "begin:", "@al", "from:alice rose", "therein:x"])("in a query, %j is not", (query) => {
  expect(filterAt(query, query.length)).toBeNull();
});
