/** The server's HTTP interface for one visitor's conversation. */

const TIMEOUT_MS = 20_000;
const UPLOAD_MS = 90_000;

/** A request that did not succeed. `status` is 0 when the server was not reached; `code` is the server's own. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later: the server is away, overloaded or broken. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }
}

/** Calls the server that lives at `base`. Every method throws ApiError. */
export class Api {
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** Starts a conversation: `{id, replies, sequence, person}`. */
  start(language, visitorToken) {
    return this.#call("POST", "", { channel: "web", language, visitor_token: visitorToken });
  }

  /** Reads what was said after a sequence number: `{messages, sequence, with_person, person}`. */
  messages(id, after) {
    return this.#call("GET", `/${id}/messages?after=${after}`);
  }

  /** Says something. Saying it again with the same message id changes nothing. */
  say(id, text, messageId, attachments = []) {
    return this.#call("POST", `/${id}/messages`, { text, message_id: messageId, attachments });
  }

  /** Sends a picture for a message to come: `{id, …}`; `progressed` hears which share of it is there (0 to 1). */
  sendPicture(id, file, progressed) {
    // fetch does not tell how far it is
    const request = new XMLHttpRequest();
    return new Promise((done, failed) => {
      const lost = () => failed(new ApiError(0, "unreachable", "The server was not reached."));
      request.upload.onprogress = ({ loaded, total }) => progressed(total ? loaded / total : 0);
      request.onload = () => {
        const content = parsed(request.responseText);
        if (request.status === 201) done(content);
        else failed(new ApiError(request.status, content.error?.code ?? "", content.error?.message ?? ""));
      };
      request.onerror = lost;
      request.ontimeout = lost;
      request.timeout = UPLOAD_MS;
      request.open("POST", new URL(`api/v1/conversations/${id}/attachments`, this.#base));
      request.setRequestHeader("Content-Type", file.type);
      request.send(file);
    });
  }

  /** Where a picture of a conversation is. */
  pictureAddress(id, picture) {
    return new URL(`api/v1/conversations/${id}/attachments/${picture}`, this.#base).href;
  }

  /** Proves who the visitor is. */
  identify(id, visitorToken) {
    return this.#call("POST", `/${id}/identity`, { visitor_token: visitorToken });
  }

  /** Rates the conversation with 1 to 5 stars. */
  rate(id, score, comment) {
    return this.#call("POST", `/${id}/rating`, { score, comment });
  }

  /** Where the conversation's socket is. */
  socketAddress(id, after) {
    const address = new URL(`api/v1/conversations/${id}/socket?after=${after}`, this.#base);
    address.protocol = address.protocol.replace("http", "ws");
    return address;
  }

  async #call(method, path, body) {
    const answer = await this.#fetch(new URL(`api/v1/conversations${path}`, this.#base), {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status === 204) return null;
    const content = await answer.json().catch(() => ({}));
    if (answer.ok) return content;
    throw new ApiError(answer.status, content.error?.code ?? "", content.error?.message ?? answer.statusText);
  }

  async #fetch(address, request) {
    try {
      return await fetch(address, request);
    } catch (error) {
      throw new ApiError(0, "unreachable", error.message);
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // a proxy's own page
  }
}
