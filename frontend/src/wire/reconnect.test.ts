import { expect, test } from "vitest";
import { afterClose } from "./reconnect";

const most = () => 1;
const least = () => 0;

test("an ended session leads to the sign-in page, never to a reconnect", () => {
  expect(afterClose(4001, 0, most)).toEqual({ kind: "sign_in" });
});

test("waiting grows with every attempt, up to half a minute", () => {
  const delays = [0, 1, 2, 3, 4, 5, 9].map((attempt) => afterClose(1006, attempt, most));

  expect(delays.map((d) => d.kind === "reconnect" && d.delay)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

test("jitter is full: the luckiest client of a restart comes back at once", () => {
  expect(afterClose(1012, 6, least)).toEqual({ kind: "reconnect", delay: 0 });
});

test("a server that goes says over how long its people should spread", () => {
  expect(afterClose(1012, 0, most, 5_000)).toEqual({ kind: "reconnect", delay: 5_000 });
  expect(afterClose(1012, 0, () => 0.5, 5_000)).toEqual({ kind: "reconnect", delay: 2_500 });
  expect(afterClose(1012, 5, most, 5_000)).toEqual({ kind: "reconnect", delay: 30_000 });
});

test.each([4009, 4029])("a client told %i stays away for at least ten seconds", (code) => {
  expect(afterClose(code, 0, least)).toEqual({ kind: "reconnect", delay: 10_000 });
});

test.each([1001, 1012, 1006, 4008])("a client closed with %i reconnects", (code) => {
  expect(afterClose(code, 0, most)).toEqual({ kind: "reconnect", delay: 1_000 });
});
