import { expect, test } from "vitest";
import { withEmoji } from "./emoji";

test.each([
  [":tada: well done :heart:", "🎉 well done ❤️"],
  ["(:tea:)", "(🍵)"],
  [":tea::cake:", "🍵🍰"],
  ["/me drinks :tea:", "/me drinks 🍵"],
])("%j is sent as %j", (typed, sent) => {
  expect(withEmoji(typed)).toBe(sent);
});

test.each([":nobody_knows:", "`:tea:`", "```\n:tea:\n```", "```\n:tea:", "a:tea:b", "10:30:45", "http://x/:tea:"])(
  "%j stays",
  (typed) => {
    expect(withEmoji(typed)).toBe(typed);
  },
);
