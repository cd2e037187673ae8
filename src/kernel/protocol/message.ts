/** Jupyter's messages: signed multi-part frames (https://jupyter-client.readthedocs.io/en/stable/messaging.html). */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

export const protocolVersion = "5.3";
const delimiter = Buffer.from("<IDS|MSG>");

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

export interface Message {
  /** ZeroMQ routing prefix of who asked */
  identities: Buffer[];
  header: Header;
  parent: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

/** A message of this kernel, in reply to (or because of) `parent`. */
export function messageFor(
  parent: Message | undefined,
  type: string,
  content: Record<string, unknown>,
  session: string,
): Message {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    },
    parent: parent?.header ?? {},
    metadata: {},
    content,
  };
}

const sign = (key: string, parts: readonly (string | Buffer)[]): string => {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
};

/** The frames of a message, signed with the connection's key. */
export function toFrames(message: Message, key: string): (string | Buffer)[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [...message.identities, delimiter, sign(key, parts), ...parts];
}

/** The message in some frames; throws where they are no message or are not signed with the key. */
export function fromFrames(frames: Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0 || frames.length < at + 6) throw new Error("a message without its parts");
  const [signature, ...parts] = frames.slice(at + 1);
  const expected = Buffer.from(sign(key, parts.slice(0, 4)));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error("a message with a wrong signature");
  }
  const [header, parent, metadata, content] = parts
    .slice(0, 4)
    .map((part) => JSON.parse(part.toString()) as unknown);
  return { identities: frames.slice(0, at), header, parent, metadata, content } as Message;
}
