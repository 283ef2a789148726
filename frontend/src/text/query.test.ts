import { expect, test } from "vitest";
import { asked, complaint, isUnfinished, withTerm } from "./query";

test.each([
  ["pavil", "pavil*"],
  ["key to the pavil", "key to the pavil*"],
  ["Ключ", "Ключ*"],
  ["rose ", "rose"],
  ["r", "r"],
  ["rose*", "rose*"],
  ["-rose", "-rose"],
  ['"the key', '"the key'],
  ['"the key"', '"the key"'],
  ["rose from:alice", "rose from:alice"],
  ["", ""],
])("%j asks for %j", (typed, query) => {
  expect(asked(typed)).toBe(query);
});

test.each(["from:", "rose from:@", "in:#", "before:", "after:2026-1", "rose -", "rose t", "-from:"])(
  "%j is not meant yet",
  (typed) => {
    expect(isUnfinished(typed)).toBe(true);
  },
);

test.each(["from:a", "in:garden", "before:2026-11-20", "rose", "rose ", "木", "from: rose", '"in:'])(
  "%j may be asked",
  (typed) => {
    expect(isUnfinished(typed)).toBe(false);
  },
);

test("an operator is put behind what is there", () => {
  expect(withTerm("", "from:")).toBe("from:");
  expect(withTerm("roses ", "from:")).toBe("roses from:");
  expect(withTerm("ros ", "*")).toBe("ros*");
});

test.each([
  ["query: needs a day like 2026-11-20 after before:", "day", "before"],
  ["query: names nobody after from:", "person", "from"],
  ["query: has in: twice", "twice", "in"],
  ["query: needs a word to look for, or from:somebody", "nothing", "from"],
])("%j is told as %s", (reason, key, name) => {
  expect(complaint(reason)).toEqual({ key, name });
});

test("what the server says in other words is told in them", () => {
  expect(complaint("query: is odd")).toBeNull();
});
