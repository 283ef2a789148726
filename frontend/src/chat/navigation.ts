import { roomPath } from "../text/names";
import type { Session } from "./session";

/** The address bar and the room on the screen say the same. */
export class Navigation {
  constructor(private readonly session: Session) {
    addEventListener("popstate", () => this.follow());
  }

  /** Where the address leads; the bare address leads to where I was last. */
  follow(): void {
    const { visit } = this.session;
    const place = parsed(location.pathname, location.search);
    if (place) {
      void visit.enter(place.room, place.seq);
      return;
    }
    const room = visit.lastRoom();
    if (!room) {
      visit.leave();
      return;
    }
    history.replaceState(null, "", roomPath(room));
    void visit.enter(room.name ?? room.id);
  }

  go(nameOrId: string, seq?: number): void {
    const room = this.session.rooms.find(nameOrId) ?? { id: nameOrId, name: nameOrId };
    const path = roomPath(room, seq);
    if (path !== location.pathname + location.search) history.pushState(null, "", path);
    void this.session.visit.enter(room.name ?? room.id, seq ?? null);
  }

  /** Nothing is left to show at this address. */
  goHome(): void {
    history.replaceState(null, "", "/");
    this.follow();
  }
}

export function parsed(path: string, query: string): { room: string; seq: number | null } | null {
  const name = /^\/rooms\/([^/]+)\/?$/.exec(path)?.[1];
  if (!name) return null;
  const seq = Number(new URLSearchParams(query).get("seq"));
  return { room: decodeURIComponent(name), seq: Number.isInteger(seq) && seq > 0 ? seq : null };
}
