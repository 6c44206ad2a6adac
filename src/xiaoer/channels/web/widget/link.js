/** Keeps one conversation in step with the server, whatever the network does. */

import { ApiError } from "./api.js";

const BACKOFF_MS = { first: 500, most: 20_000 };
const OPENING_MS = 5_000;
const PING_MS = 25_000;
const SILENCE_MS = 60_000;
const POLL_MS = 2_500;
const SOCKET_TRIES = 2;
const SOCKET_REST_MS = 60_000;

/**
 * Reads what was missed over HTTP, then listens on a socket; asks over HTTP again and again where a socket
 * cannot be opened. `on` hears `started(conversation)`, `messages(list)`, `present(answer)`, `typing()`,
 * `ready()`, `lost()`, `unknown()`, `tokenRefused()`, `refused(messageId, code)`; `on.opening()` gives the
 * arguments of a new conversation.
 */
export class Link {
  #api;
  #on;
  #id = null;
  #last = 0;
  #seen = new Set();
  #run = 0; // what was asked for in an earlier run is not heard any more
  #isFollowing = false;
  #failures = 0;
  #socket = null;
  #socketFailures = 0;
  #socketRestUntil = 0;
  #heardAt = 0;
  #timers = { next: 0, opening: 0, ping: 0 };
  #posts = Promise.resolve();

  constructor(api, on) {
    this.#api = api;
    this.#on = on;
    this.isReady = false;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.#isFollowing && this.#lose());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
  }

  /** Follows a conversation from its beginning; starts a new one when `id` is null. */
  follow(id) {
    this.stop();
    this.#id = id;
    this.#last = 0;
    this.#seen = new Set();
    this.#failures = 0;
    this.#isFollowing = true;
    this.#connect();
  }

  /** Lets go of the conversation. */
  stop() {
    this.#run += 1;
    this.#isFollowing = false;
    this.isReady = false;
    this.#closeSocket();
    clearTimeout(this.#timers.next);
  }

  /** Tries again now instead of waiting, or makes sure that the socket still lives. */
  wake() {
    if (this.isReady) this.#ping();
    else if (this.#isFollowing) this.#connect();
  }

  /** Lets the socket go and catches up: for when an answer is overdue. */
  reset() {
    this.#lose();
    this.#connect();
  }

  /** Sends a message if there is a connection; the caller sends it again at the next `ready()`. */
  send({ text, message_id: messageId, attachments = [] }) {
    if (!this.isReady) return;
    const id = this.#id;
    if (this.#socket)
      this.#socket.send(JSON.stringify({ type: "message", text, message_id: messageId, attachments }));
    else this.#posts = this.#posts.then(() => id === this.#id && this.#post(text, messageId, attachments));
  }

  /** Reads what was said since; does nothing when the server is away. */
  async catchUp() {
    try {
      await this.#catchUp(this.#run);
    } catch (error) {
      this.#mend(error);
    }
  }

  async #connect() {
    clearTimeout(this.#timers.next);
    this.#closeSocket();
    this.#run += 1;
    const run = this.#run;
    try {
      if (this.#id === null) await this.#start(run);
      await this.#catchUp(run);
    } catch (error) {
      if (run === this.#run) this.#mend(error);
      return;
    }
    if (run !== this.#run) return;
    if (this.#socketFailures >= SOCKET_TRIES && Date.now() < this.#socketRestUntil) this.#poll();
    else this.#openSocket();
  }

  async #start(run) {
    const { language, token } = this.#on.opening();
    const conversation = await this.#api.start(language, token);
    if (run !== this.#run) return;
    this.#id = conversation.id;
    this.#on.started(conversation, token);
  }

  async #catchUp(run) {
    const answer = await this.#api.messages(this.#id, this.#last);
    if (run !== this.#run) return;
    this.#on.present(answer);
    this.#take(answer.messages);
    this.#last = Math.max(this.#last, answer.sequence);
  }

  #mend(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) this.#on.unknown();
    else {
      if (error.status === 401) this.#on.tokenRefused();
      this.#lose();
    }
  }

  #take(messages) {
    const fresh = messages.filter(({ sequence }) => !this.#seen.has(sequence));
    for (const { sequence } of fresh) {
      this.#seen.add(sequence);
      this.#last = Math.max(this.#last, sequence);
    }
    if (fresh.length) this.#on.messages(fresh);
  }

  #openSocket() {
    const socket = new WebSocket(this.#api.socketAddress(this.#id, this.#last));
    this.#socket = socket;
    this.#timers.opening = setTimeout(() => this.#socketClosed(socket), OPENING_MS);
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = socket.onerror = () => this.#socketClosed(socket); // a policy's refusal gives no close
  }

  #hear(frame) {
    this.#heardAt = Date.now();
    if (frame.type === "message") this.#take([frame]);
    else if (frame.type === "typing") this.#on.typing();
    else if (frame.type === "error") this.#on.refused(frame.message_id, frame.code);
    else if (frame.type === "ready") this.#socketReady();
  }

  #socketReady() {
    clearTimeout(this.#timers.opening);
    this.#socketFailures = 0;
    this.#timers.ping = setInterval(() => this.#ping(), PING_MS);
    this.#becomeReady();
  }

  #socketClosed(socket) {
    if (socket !== this.#socket) return;
    const wasOpen = this.#timers.ping !== 0;
    this.#closeSocket();
    if (!wasOpen) {
      this.#socketFailures += 1;
      this.#socketRestUntil = Date.now() + SOCKET_REST_MS;
    }
    if (this.#socketFailures >= SOCKET_TRIES) this.#poll();
    else this.#lose();
  }

  #closeSocket() {
    clearTimeout(this.#timers.opening);
    clearInterval(this.#timers.ping);
    this.#timers.ping = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #ping() {
    if (!this.#socket) return;
    if (Date.now() - this.#heardAt > SILENCE_MS) this.reset();
    else this.#socket.send('{"type":"ping"}');
  }

  #poll() {
    this.#becomeReady();
    this.#timers.next = setTimeout(() => this.#connect(), POLL_MS);
  }

  #becomeReady() {
    this.#failures = 0;
    if (this.isReady) return;
    this.isReady = true;
    this.#on.ready();
  }

  #lose() {
    this.isReady = false;
    this.#closeSocket();
    this.#on.lost();
    const longest = Math.min(BACKOFF_MS.first * 2 ** this.#failures, BACKOFF_MS.most);
    this.#failures += 1;
    clearTimeout(this.#timers.next);
    // half of the wait is left to chance, so that a shop's visitors do not all come back at once
    this.#timers.next = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
  }

  async #post(text, messageId, attachments) {
    this.#on.typing();
    try {
      await this.#api.say(this.#id, text, messageId, attachments);
      await this.#catchUp(this.#run);
    } catch (error) {
      if (!(error instanceof ApiError) || error.isPassing) this.#mend(error);
      else this.#on.refused(messageId, error.code);
    }
  }
}
