import { afterClose } from "./reconnect";
import { Disconnected, Refusal } from "./shapes";

export type Status = "connecting" | "online" | "offline";

export type Push = { type: string } & Record<string, unknown>;

export interface Listener {
  /** The socket is open: say hello. Rejecting ends this socket and tries again. */
  opened(): Promise<void>;
  pushed(push: Push): void;
  status(status: Status): void;
  /** The session is over: only the sign-in page can help. */
  signedOut(): void;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(reason: Error): void;
}

const ANSWER_WITHIN = 20_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 8_000;
/** A connection that lived this long has earned a quick first attempt when it breaks. */
const STEADY_AFTER = 10_000;

/** One socket that comes back: requests and answers, pushes, heartbeat, reconnecting. */
export class Connection {
  private socket: WebSocket | null = null;
  private waiting = new Map<number, Waiting>();
  private lastId = 0;
  private attempt = 0;
  /** Over how long all who were here should come back, in milliseconds: told by a server that goes. */
  private spread = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private steady: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private readonly isSignedIn: () => Promise<boolean>,
  ) {}

  open(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.listener.status("connecting");
    this.spread = 0;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => void this.greet(socket);
    socket.onmessage = (event) => this.receive(socket, String(event.data));
    socket.onclose = (event) => void this.closed(socket, event.code);
  }

  request<Answer>(type: string, fields: object = {}, within = ANSWER_WITHIN): Promise<Answer> {
    const socket = this.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Disconnected());
    }
    const id = ++this.lastId;
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => this.drop(socket), within);
      const settle = () => {
        clearTimeout(timer);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (answer) => (settle(), resolve(answer as Answer)),
        reject: (reason) => (settle(), reject(reason)),
      });
      socket.send(JSON.stringify({ id, type, ...fields }));
    });
  }

  /** For what needs no answer and loses nothing when it is not sent. */
  tell(type: string, fields: object): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ id: ++this.lastId, type, ...fields }));
  }

  /** The network or the page came back: do not sit out the delay, and test a socket that looks open. */
  wake(): void {
    if (this.retry !== undefined) this.open();
    else this.ping();
  }

  /** For good: the page is about to be left, and how the socket ends is no news any more. */
  stop(): void {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.retry);
    clearInterval(this.heartbeat);
    clearTimeout(this.steady);
    socket?.close();
  }

  private async greet(socket: WebSocket): Promise<void> {
    try {
      await this.listener.opened();
    } catch {
      this.drop(socket);
      return;
    }
    if (socket !== this.socket) return;
    this.listener.status("online");
    this.heartbeat = setInterval(() => this.ping(), PING_EVERY);
    this.steady = setTimeout(() => (this.attempt = 0), STEADY_AFTER);
  }

  /** A half-open socket never closes by itself: silence after a ping is how it shows. */
  private ping(): void {
    this.request("ping", {}, PONG_WITHIN).catch(() => undefined);
  }

  private receive(socket: WebSocket, data: string): void {
    if (socket !== this.socket) return;
    const frame = JSON.parse(data) as Push & { id?: number | null };
    if (frame.id === undefined || frame.id === null) {
      if (frame.type === "going_away") this.spread = 1_000 * Number(frame.retry_within);
      else this.listener.pushed(frame);
      return;
    }
    const waiting = this.waiting.get(frame.id);
    if (frame.type === "error") waiting?.reject(refusal(frame));
    else waiting?.resolve(frame);
  }

  /** Gives a socket up without waiting for its closing handshake, which a dead peer never finishes. */
  private drop(socket: WebSocket): void {
    if (socket !== this.socket) return;
    socket.close();
    void this.closed(socket, 1006);
  }

  private async closed(socket: WebSocket, code: number): Promise<void> {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.heartbeat);
    clearTimeout(this.steady);
    for (const waiting of [...this.waiting.values()]) waiting.reject(new Disconnected());
    this.listener.status("offline");

    const next = afterClose(code, this.attempt++, Math.random, this.spread);
    if (next.kind === "sign_in") {
      this.listener.signedOut();
      return;
    }
    this.retry = setTimeout(() => void this.comeBack(), next.delay);
  }

  /** A refused upgrade tells a browser nothing, so the reason is asked for over HTTP. */
  private async comeBack(): Promise<void> {
    if (!(await this.isSignedIn())) this.listener.signedOut();
    else if (this.socket === null) this.open();
  }
}

function refusal(frame: Push): Refusal {
  return new Refusal(
    String(frame.code ?? "internal"),
    String(frame.message ?? ""),
    String(frame.category ?? ""),
    frame.temporary === true,
    typeof frame.retry_after === "number" ? frame.retry_after : null,
    typeof frame.field === "string" ? frame.field : null,
  );
}
