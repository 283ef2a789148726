import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "./connection";
import type { Push, Status } from "./connection";
import { Disconnected, Refusal } from "./shapes";

class FakeSocket {
  static OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: { id: number; type: string }[] = [];
  onopen = () => {};
  onmessage = (_event: { data: string }) => {};
  onclose = (_event: { code: number }) => {};

  constructor() {
    FakeSocket.all.push(this);
  }

  send(frame: string): void {
    this.sent.push(JSON.parse(frame));
  }

  close(): void {
    this.readyState = 3;
  }

  async opens(): Promise<void> {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
    await vi.advanceTimersByTimeAsync(0);
  }

  receives(frame: object): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  async ends(code: number): Promise<void> {
    this.readyState = 3;
    this.onclose({ code });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let statuses: Status[];
let pushes: Push[];
let signedOut: boolean;
let isSignedIn: boolean;
let connection: Connection;

const latest = () => FakeSocket.all.at(-1)!;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.spyOn(Math, "random").mockReturnValue(1);
  FakeSocket.all = [];
  statuses = [];
  pushes = [];
  signedOut = false;
  isSignedIn = true;
  const listener = {
    opened: () => Promise.resolve(),
    pushed: (push: Push) => void pushes.push(push),
    status: (status: Status) => void statuses.push(status),
    signedOut: () => void (signedOut = true),
  };
  connection = new Connection("ws://here/ws", listener, () => Promise.resolve(isSignedIn));
  connection.open();
  await latest().opens();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("answers find their requests in any order", async () => {
  const first = connection.request<{ n: number }>("open");
  const second = connection.request<{ n: number }>("page");

  latest().receives({ id: 2, type: "ok", n: 2 });
  latest().receives({ id: 1, type: "ok", n: 1 });

  expect((await first).n).toBe(1);
  expect((await second).n).toBe(2);
});

test("a refusal carries its code and when to try again", async () => {
  const refused = connection.request("post").catch((reason: unknown) => reason);

  latest().receives({ id: 1, type: "error", code: "rate_limited", temporary: true, retry_after: 3 });

  expect(await refused).toMatchObject({ code: "rate_limited", temporary: true, retryAfter: 3 });
  expect(await refused).toBeInstanceOf(Refusal);
});

test("a frame without an id is a push", () => {
  latest().receives({ type: "head", rooms: {} });

  expect(pushes).toEqual([{ type: "head", rooms: {} }]);
});

test("a broken connection leaves no request waiting and comes back after the delay", async () => {
  const unanswered = connection.request("post").catch((reason: unknown) => reason);

  await latest().ends(1012);
  expect(await unanswered).toBeInstanceOf(Disconnected);
  expect(FakeSocket.all).toHaveLength(1);

  await vi.advanceTimersByTimeAsync(1_000);
  await latest().opens();
  expect(statuses).toEqual(["connecting", "online", "offline", "connecting", "online"]);
});

test("an ended session is not reconnected", async () => {
  await latest().ends(4001);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(signedOut).toBe(true);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a refused upgrade leads to the sign-in page when the session is gone", async () => {
  isSignedIn = false;

  await latest().ends(1006);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(signedOut).toBe(true);
});

test("a half-open socket is found out by its silence and replaced", async () => {
  await vi.advanceTimersByTimeAsync(25_000);
  expect(latest().sent.at(-1)?.type).toBe("ping");

  await vi.advanceTimersByTimeAsync(8_000);
  expect(statuses.at(-1)).toBe("offline");

  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test("waking does not sit out the delay", async () => {
  await latest().ends(1006);

  connection.wake();

  expect(FakeSocket.all).toHaveLength(2);
});

test("a stopped connection neither comes back nor sends anybody to the sign-in page", async () => {
  connection.stop();

  await latest().ends(4001);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(signedOut).toBe(false);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a late word from a replaced socket is not heard", async () => {
  const old = latest();
  await old.ends(1006);
  connection.wake();

  old.receives({ type: "head", rooms: {} });

  expect(pushes).toEqual([]);
});

test("a server that goes away is asked again within the time it gave, which counts once", async () => {
  latest().receives({ type: "going_away", retry_within: 7 });
  await latest().ends(1012);
  await vi.advanceTimersByTimeAsync(6_900);
  expect(FakeSocket.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(FakeSocket.all).toHaveLength(2);
  expect(pushes).toEqual([]);

  await latest().ends(1006);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.all).toHaveLength(3);
});
