import { z } from "zod";
import { isLoopbackHost } from "./isLoopbackHost.js";

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
