import { readPosition } from "../log/unread";
import type { Counts } from "../wire/shapes";
import type { Histories, Request } from "./histories";
import type { Rooms } from "./rooms";

const AT_MOST_EVERY = 1_000;

/** Tells the server how far I have read, without telling it at every message. */
export class Reading {
  private readonly resting = new Set<string>();
  private readonly again = new Set<string>();

  constructor(
    private readonly request: Request,
    private readonly rooms: Rooms,
    private readonly histories: Histories,
  ) {}

  /** The newest messages of the room are before my eyes. */
  seen(id: string): void {
    const room = this.rooms.all.get(id);
    const log = this.histories.logs.get(id);
    if (!room || room.role === null || !log?.attached) return;
    const position = readPosition(room, log.messages);
    if (position === null && room.unread === 0) return;
    if (this.resting.has(id)) {
      this.again.add(id);
      return;
    }
    this.rest(id);
    void this.tell(id, position ?? room.read);
  }

  /** The server's own counts: sending a position it has already changes nothing and answers with them. */
  recount(id: string): void {
    const room = this.rooms.all.get(id);
    if (room) void this.tell(id, room.read);
  }

  /** Everything in the room up to now, loaded here or not. */
  markRead(id: string): void {
    const room = this.rooms.all.get(id);
    if (room && room.unread > 0) void this.tell(id, room.head);
  }

  private async tell(id: string, seq: number): Promise<void> {
    try {
      this.rooms.setCounts(id, await this.request<Counts>("read", { room: id, seq }));
    } catch {
      // Reading is told again at the next message, focus or visit.
    }
  }

  private rest(id: string): void {
    this.resting.add(id);
    setTimeout(() => {
      this.resting.delete(id);
      if (this.again.delete(id)) this.seen(id);
    }, AT_MOST_EVERY);
  }
}
