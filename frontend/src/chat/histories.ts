import { shallowReactive } from "vue";
import * as log from "../log/room_log";
import type { RoomLog } from "../log/room_log";
import type { Message, Opened, Page, Person } from "../wire/shapes";

export type Request = <Answer>(type: string, fields?: object) => Promise<Answer>;

const PAGE = 50;
const WIDE_PAGE = 200;
/** Rooms kept in memory beside the one on the screen; others are opened afresh when visited. */
const KEPT = 8;

/** The logs of the rooms visited here, kept in step with the server whatever gets lost on the way. */
export class Histories {
  readonly logs = shallowReactive(new Map<string, RoomLog>());
  /** Whether the reader looks at the newest messages of the room on the screen. */
  following = true;
  private readonly busy = new Set<string>();
  /** How often the reader has jumped: only the last jump leads somewhere. */
  private jumps = 0;

  constructor(
    private readonly request: Request,
    private readonly changed: (room: string) => void,
    private readonly mustReload: (room: string) => void,
  ) {}

  /** Where to resume from after a broken connection. */
  positions(): Record<string, number> {
    const loaded = [...this.logs].filter(([, { last }]) => last >= 0);
    return Object.fromEntries(loaded.map(([room, { last }]) => [room, last]));
  }

  /** From now on pushes for the room are held, until `opened` brings its first page. */
  opening(room: string): void {
    const kept = this.logs.get(room);
    this.logs.delete(room);
    this.logs.set(room, kept ?? log.OPENING_LOG);
    for (const id of [...this.logs.keys()].slice(0, -KEPT)) this.logs.delete(id);
  }

  opened(answer: Opened): void {
    const { id, head, floor } = answer.room;
    this.put(id, log.opened(answer, head, floor, this.logs.get(id)));
    this.catchUp(id);
  }

  isLoaded(room: string): boolean {
    return (this.logs.get(room)?.last ?? -1) >= 0;
  }

  forget(room: string): void {
    this.logs.delete(room);
  }

  receive(entry: Message): void {
    this.update(entry.room, (known) => log.received(known, entry, this.following));
    this.catchUp(entry.room);
  }

  replay(room: string, entries: readonly Message[]): void {
    this.update(room, (known) => log.replayed(known, entries, this.following));
    this.catchUp(room);
  }

  /** I have starred a message, or no longer. */
  starred(room: string, seq: number, isStarred: boolean): void {
    this.update(room, (known) => log.starred(known, seq, isStarred));
  }

  renamed(person: Person): void {
    for (const [room, known] of this.logs) {
      const next = log.renamed(known, person);
      if (next !== known) this.put(room, next);
    }
  }

  /** Too much was missed: what is on the screen would have a hole, so it is loaded afresh. */
  reset(room: string): void {
    if (!this.logs.has(room)) return;
    this.logs.set(room, log.OPENING_LOG);
    this.mustReload(room);
  }

  beacon(heads: Record<string, number>): void {
    for (const [room, head] of Object.entries(heads)) {
      this.update(room, (known) => log.announced(known, head));
      this.catchUp(room);
    }
  }

  // A page that comes after the reader has jumped elsewhere would leave a hole: it is dropped.

  async older(room: string): Promise<void> {
    const first = this.logs.get(room)?.messages[0];
    if (!first) return;
    await this.paging(room, async () => {
      const page = await this.page(room, { before: first.seq, limit: PAGE });
      this.update(room, (known) => (known.messages[0]?.seq === first.seq ? log.withOlder(known, page) : known));
    });
  }

  async newer(room: string): Promise<void> {
    const asked = this.logs.get(room);
    const last = asked?.messages.at(-1);
    if (!asked || !last || asked.attached) return;
    await this.paging(room, async () => {
      const page = await this.page(room, { after: last.seq, limit: PAGE });
      this.update(room, (known) =>
        known.messages.at(-1)?.seq === last.seq ? log.withNewer(known, page, asked) : known,
      );
    });
  }

  async around(room: string, seq: number): Promise<void> {
    const asked = this.logs.get(room);
    if (!asked) return;
    const jump = ++this.jumps;
    const page = await this.page(room, { around: seq, limit: 2 * PAGE });
    if (jump === this.jumps) this.update(room, (known) => log.movedTo(known, page, asked));
  }

  /** Back to the live tail, as from a permalink or after long scrolling. */
  async latest(room: string): Promise<void> {
    const asked = this.logs.get(room);
    if (!asked || asked.attached) return;
    const jump = ++this.jumps;
    const page = await this.page(room, { before: asked.last + 1, limit: PAGE });
    if (jump !== this.jumps) return;
    this.update(room, (known) => log.movedTo(known, { ...page, more_after: false }, asked));
  }

  /** Fills a gap by reading the window's range again, which also brings changes made in the gap. */
  private catchUp(room: string): void {
    const behind = this.logs.get(room);
    if (!behind || behind.last < 0 || !log.isBehind(behind)) return;
    void this.paging(room, () => this.reread(room));
  }

  private async reread(room: string): Promise<void> {
    const asked = this.logs.get(room)!;
    const from = (asked.messages[0]?.seq ?? asked.last + 1) - 1;
    const first = await this.page(room, { after: from, limit: WIDE_PAGE });
    const end = first.messages.at(-1)?.seq;
    const second = first.more_after && end ? await this.page(room, { after: end, limit: WIDE_PAGE }) : null;
    const page = second ? { messages: [...first.messages, ...second.messages], more_after: second.more_after } : first;
    if (this.logs.get(room)?.messages[0]?.seq !== asked.messages[0]?.seq) return;
    if (page.more_after && this.following) this.reset(room);
    else this.update(room, (known) => log.refreshed(known, page, asked));
  }

  /** One page of a room at a time; what went missing during one is fetched after it. */
  private async paging(room: string, work: () => Promise<void>): Promise<void> {
    if (this.busy.has(room)) return;
    this.busy.add(room);
    try {
      await work();
    } catch {
      // The connection broke, and resuming brings what is missing; or the next scroll or beacon asks again.
      return;
    } finally {
      this.busy.delete(room);
    }
    this.catchUp(room);
  }

  private page(room: string, fields: object): Promise<Page> {
    return this.request<Page>("page", { room, ...fields });
  }

  private update(room: string, change: (known: RoomLog) => RoomLog): void {
    const known = this.logs.get(room);
    if (known) this.put(room, change(known));
  }

  private put(room: string, next: RoomLog): void {
    this.logs.set(room, next);
    this.changed(room);
  }
}
