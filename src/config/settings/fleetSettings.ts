import { z } from "zod";
import { credential, type Setting, wholeNumber } from "./Setting.js";

const schemes = /^(?:(?:redis|rediss|valkey|valkeys):\/\/[^/]|unix:(?:\/\/)?\/.)/;

/** What several processes of one deployment share. */
export const fleetSettings = {
  CACHE_URL: {
    section: "Several processes",
    schema: z
      .string()
      .refine((text) => schemes.test(text) && URL.canParse(text), {
        error:
          "must be the address of a Valkey or Redis server: redis://host:6379, rediss:// over TLS, or unix:/path/of/its/socket",
      })
      .optional(),
    type: "address of a Valkey or Redis server",
    default: null,
    unset: "this process does all by itself",
    example: "rediss://graph:secret@valkey.example.com:6379",
    isSecret: true,
    doc: "Where the processes of one deployment share what may vanish: answers of sites, news of changes, one budget a site. `valkey://` and `valkeys://` are the same as `redis://` and `rediss://`; with `?cluster=true` it is one node of a cluster. See docs/operating.md.",
  },
  CACHE_KEY: {
    section: "Several processes",
    schema: z
      .string()
      .transform((text) => text.split(",").map((key) => key.trim()))
      .refine((keys) => keys.length <= 2 && keys.every((key) => credential(32).safeParse(key).success), {
        error:
          "must be a single word of at least 32 characters, without blanks, in plain ASCII; or two with a comma between",
      })
      .optional(),
    type: "secret, at least 32 characters; or two, with a comma between",
    default: null,
    unset: "made of the other secrets, and CACHE_URL must be on this machine",
    example: "a-third-random-word-of-at-least-32-characters",
    isSecret: true,
    doc: 'What everything at CACHE_URL is encrypted with, the same for all processes of a deployment. While it is replaced two of them: the first encrypts, both decrypt. How: docs/operating.md, "Rotation".',
  },
  CACHE_NAME_KEY: {
    section: "Several processes",
    schema: credential(32).optional(),
    type: "secret, at least 32 characters",
    default: null,
    unset: "the last of `CACHE_KEY`",
    example: "a-fourth-random-word-of-at-least-32-characters",
    isSecret: true,
    doc: "What the names of everything at CACHE_URL are made with, the same for all processes of a deployment. It stays when CACHE_KEY is replaced, so that processes of before and after find each other.",
  },
  CACHE_EXPECTED_PROCESSES: {
    section: "Several processes",
    schema: wholeNumber(1, 1_000),
    type: "whole number, 1 to 1000",
    default: "3",
    example: "3",
    isSecret: false,
    doc: "How many processes share by CACHE_URL, for one that starts while that is away and has heard of none: till then it keeps to its part of what is allowed, as the others do. Set it to the most that you run.",
  },
  CACHE_CA_FILE: {
    section: "Several processes",
    schema: z.string().optional(),
    type: "path",
    default: null,
    unset: "the well-known authorities",
    example: "/etc/ssl/valkey-ca.pem",
    isSecret: false,
    doc: "The certificates (PEM) of an authority of your own that vouches for CACHE_URL over TLS.",
  },
} as const satisfies Record<string, Setting>;
