import { z } from "zod";
import { isLoopbackHost } from "../Config.js";

/** The groups in which settings are documented, in this order. */
export type SettingSection =
  | "Confluence"
  | "Confluence Cloud"
  | "Confluence Data Center"
  | "Organization"
  | "Provisioning"
  | "Serving"
  | "Supergraph"
  | "Callers"
  | "Limits"
  | "Cache"
  | "Several processes"
  | "Access index"
  | "Operation"
  | "Tracing";

/** One environment variable: how it is read and how it is explained. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly section: SettingSection;
  /** Reads the text. Its messages complete the sentence "NAME …" and never quote the value. */
  readonly schema: Schema;
  /** The type in a person's words: `whole number, 0 to 65535`. */
  readonly type: string;
  /** The text that stands in when the variable is unset or empty; `null` where there is none. */
  readonly default: string | null;
  /** What the absence of a default means, for documentation: `the embedded sandbox`. */
  readonly unset?: string;
  readonly example: string;
  readonly isSecret: boolean;
  /** Blanks around the text belong to it; otherwise they are dropped. */
  readonly isVerbatim?: boolean;
  /** One line of documentation, a full sentence. */
  readonly doc: string;
}

/** The text that a setting is read from: without blanks around it, or only without its last line break where they count. */
export function settingText(given: string, { isVerbatim }: Pick<Setting, "isVerbatim">): string {
  if (given.trim() === "") return "";
  return isVerbatim === true ? given.replace(/[\r\n]+$/, "") : given.trim();
}

/** One of a few words, in any case. */
export function oneOf<const Word extends string>(words: readonly [Word, ...Word[]]) {
  return z.preprocess(
    (text) => (typeof text === "string" ? text.toLowerCase() : text),
    z.enum(words, { error: `must be one of ${words.join(", ")}` }),
  );
}

/** A whole number between two bounds, both included. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);
}

/** What is listened on. */
export const hostName = z.string().refine((text) => /^[A-Za-z0-9._:-]{1,253}$/.test(text), {
  error: "must be a host name or an IP address, without a scheme and without a port",
});

/** A share of a whole: more than nothing, and at most all of it. */
export function share() {
  return z
    .string()
    .refine((text) => /^(0|1)?(\.\d{1,6})?$/.test(text) && Number(text) > 0 && Number(text) <= 1, {
      error: "must be a number above 0 and up to 1",
    })
    .transform(Number);
}

/** A credential: no blanks, no control characters, nothing that an HTTP header cannot carry. */
export function credential(minLength: number) {
  const lengthNote = minLength > 1 ? ` of at least ${minLength} characters` : "";
  return z.string().refine((text) => text.length >= minLength && /^[\x21-\x7e]+$/.test(text), {
    error: `must be a single word${lengthNote}, without blanks, in plain ASCII`,
  });
}

/** A password: any characters, blanks included, but control characters, which Basic authentication does not carry (RFC 7617). */
export const password = z.string().refine((text) => text.trim() !== "" && !/\p{Cc}/u.test(text), {
  error: "must be one line, without control characters",
});

/** The name that a person signs in with to Data Center, as Basic authentication can carry it: a colon would end it. */
export const username = z.string().refine((text) => /^[^:\p{Cc}]{1,255}$/u.test(text) && text.trim() === text, {
  error: "must be a user name: at most 255 characters on one line, without colons and with no blanks around it",
});

/** The name of a group, which is its id on Data Center. */
export const groupName = z.string().refine((text) => /^[^\p{Cc}]{1,255}$/u.test(text) && text.trim() === text, {
  error: "must be the name of a group: at most 255 characters on one line, with no blanks around it",
});

/** A cloud, organization or directory id. They stand in the paths of calls: letters, digits, `-` and `_` only. */
export const atlassianId = z.string().refine((text) => /^[A-Za-z0-9_-]{1,64}$/.test(text), {
  error: "must be an id of letters, digits and dashes",
});

/** An address without credentials, query and trailing slash, over https unless it stays on this machine. */
export const siteUrl = z.string().transform((text, context) => {
  const fault = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!URL.canParse(text)) return fault("must be a full address that begins with https://");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fault("must begin with https://");
  if (url.username !== "" || url.password !== "") return fault("must not carry a user name or a password");
  if (/[?#]/.test(text)) return fault("must not carry a query or a fragment");
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    return fault("must begin with https://, because over http:// the credential would travel in clear");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
});

/** The address of a service that is asked: as a site's, and it may carry a query. */
export const serviceUrl = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, password, hash } = new URL(text);
    const isSafe = protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
    return isSafe && username === "" && password === "" && hash === "";
  },
  { error: "must begin with https:// (http:// on this machine alone) and carry no user name, password or fragment" },
);
