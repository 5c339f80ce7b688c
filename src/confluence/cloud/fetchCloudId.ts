import { z } from "zod";
import { SiteError } from "../../domain/SiteError.js";
import type { Transport } from "../../http/Transport.js";
import { readShape } from "../readShape.js";

const call = "GET /_edge/tenant_info";
const shape = z.object({ cloudId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

/** The cloud id of the site at an address; needs no credential. */
export async function fetchCloudId(site: Transport): Promise<string> {
  try {
    return readShape(shape, (await site.send({ method: "GET", call, path: "/_edge/tenant_info" })).body, call).cloudId;
  } catch (error) {
    if (!(error instanceof SiteError) || error.kind !== "NotVisible") throw error;
    throw new SiteError(
      "Misconfigured",
      `${call} answered 404, so the cloud id is not known. Check the site's address, or set the cloud id yourself.`,
      { call, status: 404, cause: error },
    );
  }
}
