import type { DataCenterCredential } from "../../config/sites/credentials.js";
import { certificateAdvice, type DataCenterSiteConfig } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId } from "../../domain/ids.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import { createTransport, type TransportOptions } from "../../http/createTransport.js";
import type { AuthorizationSource, HttpAnswer, Transport } from "../../http/Transport.js";
import { workForAll } from "../../http/Waiting.js";
import type { Caller } from "../port.js";
import { readShape } from "../readShape.js";
import type { DataCenterContext } from "./context.js";
import { classifyDataCenterError } from "./errors.js";
import { dataCenterLimits } from "./limits.js";
import { currentUserWire } from "./wire.js";

type Shared = Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError" | "ca">;

/** The credential's way to a Data Center site: straight to it, below its context path, trusting its own authority. */
export function connectDataCenterSite({ url, credential, ca }: DataCenterSiteConfig, shared: Shared): Transport {
  return createTransport({
    ...shared,
    baseUrl: url,
    authorization: authorizationOf(credential),
    classifyError: classifyDataCenterError,
    certificateAdvice,
    ...(ca === null ? {} : { ca }),
  });
}

function authorizationOf(credential: DataCenterCredential): AuthorizationSource {
  if (credential.kind === "personal-access-token") return { header: () => `Bearer ${credential.token.reveal()}` };
  const { username, password } = credential;
  return { header: () => `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}` };
}

/**
 * Keeps calls from running as anonymous unnoticed. Where anonymous may use the site, a token that expires or is revoked
 * turns every later answer into what anonymous may see, with status 200: short lists that look whole. So before a call,
 * at most every ten seconds, the site is asked who we are, and the call rejects with `CredentialRejected` when that is nobody
 * (2026-11-21, test "a token that is revoked while we run makes no short list look whole").
 *
 * @param onLost told since when what was read may be anonymous's: the moment of the last proof that held.
 */
export function guardIdentity(transport: Transport, clock: Clock, onLost: (sinceMs: number) => void): Transport {
  let provedAtMs = Number.NEGATIVE_INFINITY;
  let proving: Promise<void> | null = null;

  async function prove(): Promise<void> {
    const askedAtMs = clock.now();
    note(await transport.send(currentUser).catch(blameAddress), askedAtMs);
  }

  function note({ body }: HttpAnswer, askedAtMs: number): void {
    try {
      requireKnownUser(body);
    } catch (error) {
      onLost(provedAtMs);
      throw error;
    }
    provedAtMs = askedAtMs;
  }

  return {
    async send(request) {
      if (request.call === currentUser.call) {
        const askedAtMs = clock.now();
        const answer = await transport.send(request);
        note(answer, askedAtMs);
        return answer;
      }
      if (clock.now() - provedAtMs >= dataCenterLimits.identityProvenMs) {
        proving ??= workForAll(prove).finally(() => {
          proving = null;
        });
        await proving;
      }
      return transport.send(request);
    },
    close: () => transport.close(),
  };
}

/** Every site has this call: a 404 says that no Confluence answers there, and nothing of what is asked for next. */
function blameAddress(error: unknown): never {
  if (!isOfKind(error, "NotVisible")) throw error;
  const { message, call, status } = error;
  throw new SiteError("Misconfigured", message, { call, status, cause: error });
}

const currentUser = {
  method: "GET",
  call: "GET /rest/api/user/current",
  path: "/rest/api/user/current",
} as const;

/**
 * Who an answer of `user/current` says that we are. Where anonymous may use the site, a wrong token is no error there but a
 * silent anonymous: only `type: "known"` proves a credential, anything else is `CredentialRejected`.
 */
function requireKnownUser(body: unknown) {
  const { call } = currentUser;
  const { type, userKey, username, displayName } = readShape(currentUserWire, body, call);
  if (type === "known" && userKey) return { userKey, username: username ?? null, displayName: displayName ?? null };
  throw new SiteError(
    "CredentialRejected",
    `${call} answered that we are ${type ?? "nobody"}: the site ignored the credential and treats us as anonymous. Check the personal access token (wrong, expired or revoked), or the user name and the password.`,
    { call, status: 200 },
  );
}

/** Who the credential is; rejects when that is nobody. */
export async function fetchCaller({ client }: DataCenterContext): Promise<Caller> {
  const { body } = await client.transport.send(currentUser);
  const user = requireKnownUser(body);
  return { accountId: user.userKey as AccountId, displayName: user.displayName };
}
