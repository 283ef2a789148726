/** The shapes of docs/protocol.md that this client reads. Unknown fields are ignored by not being here. */

export interface Person {
  id: string;
  username: string;
  display_name: string;
}

export interface User extends Person {
  online?: boolean;
}

export interface Member extends User {
  role: Role;
}

export type Role = "owner" | "moderator" | "member" | (string & {});

export type Visibility = "public" | "private" | "direct";

export interface Room {
  id: string;
  /** null for direct rooms, which are called after their people. */
  name: string | null;
  topic: string;
  visibility: Visibility;
  role: Role | null;
  head: number;
  floor: number;
  read: number;
  unread: number;
  mentions: number;
  members: number;
  /** The other members of a direct room. */
  people?: User[];
}

export interface Message {
  room: string;
  seq: number;
  kind: string;
  author: Person | null;
  subject?: Person | null;
  text: string;
  html?: string | null;
  at: string;
  key?: string | null;
  target?: number | null;
  upto?: number | null;
  reply_to?: number | null;
  mentions?: string[] | null;
  edited_at?: string | null;
  deleted?: boolean | null;
  /** I keep it for myself. Pages say so, pushes do not. */
  starred?: boolean;
}

export interface Page {
  messages: Message[];
  more_before?: boolean;
  more_after?: boolean;
}

/** A message that was searched for. In its snippet every second part is a hit. */
export interface FoundMessage extends Message {
  snippet?: string[];
}

export interface Found {
  messages: FoundMessage[];
  more: boolean;
  /** Where the next page begins. */
  next?: string;
}

export interface Device {
  id: string;
  /** What the client calls itself: the User-Agent of a browser. */
  device: string;
  created_at: string;
  seen_at: string;
  current: boolean;
}

/** What a program comes with, in the name of its person. */
export interface Token {
  id: string;
  name: string;
  created_at: string;
  /** When it was last used; at first when it was made. */
  seen_at: string;
  expires_at?: string;
}

export interface Opened {
  room: Room;
  members: Member[];
  messages: Message[];
  more_before: boolean;
}

export interface Hello {
  user: User;
  epoch: string;
  server_time: string;
  heartbeat: number;
  limits?: Record<string, number>;
  rooms: Room[];
}

export interface Counts {
  read: number;
  unread: number;
  mentions: number;
}

export interface Posted {
  seq?: number;
  at?: string;
  key?: string;
  duplicate?: boolean;
  command?: string;
  output?: string;
}

/** What the server refused, in its own words and with its stable code. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly category = "",
    readonly temporary = false,
    readonly retryAfter: number | null = null,
    readonly field: string | null = null,
  ) {
    super(message || code);
  }
}

/** The connection went away before the answer came; nobody knows whether the request was done. */
export class Disconnected extends Error {}
