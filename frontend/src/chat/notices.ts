import { shallowReactive } from "vue";
import { NOTICE } from "../log/timeline";
import type { Message } from "../wire/shapes";
import type { Histories } from "./histories";

export interface Notice extends Message {
  level: "info" | "error";
  /** In the language that the reader has at the time. */
  said: () => string;
}

/** What only I see in a room: the output of my commands, standing where I asked. */
export class Notices {
  readonly byRoom = shallowReactive(new Map<string, readonly Notice[]>());
  private count = 0;

  constructor(private readonly histories: Histories) {}

  say(room: string, said: () => string, level: Notice["level"] = "info"): void {
    const last = this.histories.logs.get(room)?.last ?? 0;
    const at = new Date().toISOString();
    // Between the last entry and the next: a place in the log's order that no entry can have.
    const seq = last + 0.5 + ++this.count / 1e6;
    const notice: Notice = { room, seq, kind: NOTICE, author: null, text: "", at, level, said };
    this.byRoom.set(room, [...(this.byRoom.get(room) ?? []), notice]);
  }

  dismiss(notice: Message): void {
    const left = (this.byRoom.get(notice.room) ?? []).filter((other) => other.seq !== notice.seq);
    this.byRoom.set(notice.room, left);
  }
}
