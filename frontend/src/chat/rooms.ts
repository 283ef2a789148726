import { computed, shallowReactive } from "vue";
import { describedBy } from "../log/described";
import { counted, needsRecount, totalUrgent } from "../log/unread";
import { byTitle } from "../text/names";
import type { Counts, Message, Person, Room } from "../wire/shapes";

/** My rooms and their counts. Rooms are replaced, never changed in place. */
export class Rooms {
  readonly all = shallowReactive(new Map<string, Room>());
  /** Up to which seq the server's own counts of a room are exact. */
  private readonly countedTo = new Map<string, number>();

  readonly named = computed(() =>
    this.joined()
      .filter((room) => room.visibility !== "direct")
      .sort(byTitle),
  );
  readonly direct = computed(() =>
    this.joined()
      .filter((room) => room.visibility === "direct")
      .sort(byTitle),
  );
  readonly inOrder = computed(() => [...this.named.value, ...this.direct.value]);
  readonly urgent = computed(() => totalUrgent(this.all.values()));
  readonly anyUnread = computed(() => this.joined().some((room) => room.unread > 0));

  /** `hello` tells all my rooms: those it does not name are mine no more. */
  replaceAll(rooms: readonly Room[]): void {
    const named = new Set(rooms.map((room) => room.id));
    for (const id of this.all.keys()) if (!named.has(id)) this.remove(id);
    for (const room of rooms) this.put(room);
  }

  put(room: Room): void {
    const known = this.all.get(room.id);
    const people = room.people ?? known?.people;
    this.countedTo.set(room.id, Math.max(room.head, this.countedTo.get(room.id) ?? 0));
    this.all.set(room.id, people ? { ...room, people } : room);
  }

  remove(id: string): void {
    this.all.delete(id);
    this.countedTo.delete(id);
  }

  find(nameOrId: string): Room | undefined {
    const wanted = nameOrId.toLowerCase();
    const rooms = [...this.all.values()];
    return rooms.find((room) => room.name?.toLowerCase() === wanted) ?? this.all.get(nameOrId);
  }

  /** A live entry; true when only the server can tell the counts now. */
  count(entry: Message, myId: string): boolean {
    const room = this.all.get(entry.room);
    const countedTo = this.countedTo.get(entry.room) ?? 0;
    if (!room || entry.seq <= countedTo) return false;
    this.countedTo.set(room.id, entry.seq);
    this.all.set(room.id, describedBy(counted(room, entry, myId), entry));
    return entry.seq > countedTo + 1 || needsRecount(room, entry);
  }

  setCounts(id: string, counts: Counts): void {
    const room = this.all.get(id);
    if (!room) return;
    const { read, unread, mentions } = counts;
    this.countedTo.set(id, room.head);
    this.all.set(id, { ...room, read: Math.max(room.read, read), unread, mentions });
  }

  /** Direct rooms are called by their people. */
  renamed({ id, display_name }: Person): void {
    for (const room of [...this.all.values()]) {
      if (!room.people?.some((person) => person.id === id)) continue;
      const people = room.people.map((person) => (person.id === id ? { ...person, display_name } : person));
      this.all.set(room.id, { ...room, people });
    }
  }

  private joined(): Room[] {
    return [...this.all.values()].filter((room) => room.role !== null);
  }
}
