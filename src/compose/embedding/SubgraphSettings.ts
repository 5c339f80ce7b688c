// Rendered from the settings by `npm run settings`.

/** What a server of one's own has no use for: it listens itself. */
export const notForEmbedding = ["HOST", "PORT", "METRICS_HOST", "METRICS_PORT"] as const;

type Switch = boolean | "on" | "off";

/** What the environment says to the server, for a program that embeds the subgraph: docs/configuration.md. */
export interface SubgraphSettings {
  /** The address of the Confluence site: on Cloud a trailing /wiki is dropped, on Data Center it may carry a context path. Left out: the embedded sandbox. (URL) */
  readonly CONFLUENCE_URL?: string | undefined;
  /** What runs there: a site at Atlassian's, or one that you run yourself. Left out: cloud for *.atlassian.net, otherwise required. (cloud or datacenter) */
  readonly CONFLUENCE_DEPLOYMENT?: string | undefined;
  /** How to sign in; needed only for a scoped token without a cloud id, or where a personal access token and a password are both set. Left out: told by which of the variables of a credential are set. (api-token, scoped-api-token, oauth, service-account-token, personal-access-token, password) */
  readonly CONFLUENCE_CREDENTIAL?: string | undefined;
  /** Calls in flight to a site at a time. By default 16. (whole number, 1 to 256) */
  readonly CONFLUENCE_CONCURRENCY?: number | string | undefined;
  /** A JSON or YAML file that lists several sites, instead of CONFLUENCE_URL and its credential. Left out: one site at most, from CONFLUENCE_URL. (path) */
  readonly SITES_FILE?: string | undefined;
  /** The account that the API token belongs to; it should be able to see every space. Left out: required for an API token of a person. (e-mail address) */
  readonly CONFLUENCE_EMAIL?: string | undefined;
  /** An API token: of that account (id.atlassian.com, Security, API tokens), or of a service account when no e-mail is set. Left out: required unless an OAuth client is set. (secret) */
  readonly CONFLUENCE_API_TOKEN?: string | undefined;
  /** The same from a file. */
  readonly CONFLUENCE_API_TOKEN_FILE?: string | undefined;
  /** The client id of an OAuth 2.0 service account. Left out: no OAuth service account. (text) */
  readonly CONFLUENCE_CLIENT_ID?: string | undefined;
  /** The secret of that OAuth client. Left out: required with CONFLUENCE_CLIENT_ID. (secret) */
  readonly CONFLUENCE_CLIENT_SECRET?: string | undefined;
  /** The same from a file. */
  readonly CONFLUENCE_CLIENT_SECRET_FILE?: string | undefined;
  /** The site's id at Atlassian's API gateway; with an e-mail it says that the API token is a scoped one. Left out: looked up at CONFLUENCE_URL where it is needed. (text) */
  readonly CONFLUENCE_CLOUD_ID?: string | undefined;
  /** Where calls through Atlassian's gateway go. By default https://api.atlassian.com. (URL) */
  readonly ATLASSIAN_API_URL?: string | undefined;
  /** Where OAuth tokens come from. By default https://auth.atlassian.com. (URL) */
  readonly ATLASSIAN_AUTH_URL?: string | undefined;
  /** A personal access token (profile, Settings, Personal Access Tokens) of an account that administers Confluence. Left out: required unless a user name and a password are set. (secret) */
  readonly CONFLUENCE_PERSONAL_ACCESS_TOKEN?: string | undefined;
  /** The same from a file. */
  readonly CONFLUENCE_PERSONAL_ACCESS_TOKEN_FILE?: string | undefined;
  /** The user name of such an account, where personal access tokens are switched off. Left out: required with CONFLUENCE_PASSWORD. (text) */
  readonly CONFLUENCE_USERNAME?: string | undefined;
  /** The password of that account, taken as it stands: blanks at its ends belong to it. Left out: required with CONFLUENCE_USERNAME. (secret, any characters) */
  readonly CONFLUENCE_PASSWORD?: string | undefined;
  /** The same from a file. */
  readonly CONFLUENCE_PASSWORD_FILE?: string | undefined;
  /** A PEM file of certificates to trust beside the well-known ones, for a site with a certificate of a private authority. Left out: the well-known certificate authorities. (path) */
  readonly CONFLUENCE_CA_FILE?: string | undefined;
  /** The group whose members see and administer everything, whatever permissions say. Left out: confluence-administrators. (text) */
  readonly CONFLUENCE_SUPER_GROUP?: string | undefined;
  /** The Atlassian organization of the Cloud sites. Left out: nothing is asked of the organization. (text) */
  readonly ATLASSIAN_ORG_ID?: string | undefined;
  /** An organization API key: gives e-mail, suspension, licence, roles and last activity. Left out: required with ATLASSIAN_ORG_ID. (secret) */
  readonly ATLASSIAN_ORG_API_KEY?: string | undefined;
  /** The same from a file. */
  readonly ATLASSIAN_ORG_API_KEY_FILE?: string | undefined;
  /** The directory that an identity provider synchronises into the organization. Left out: first and last names are not known. (text) */
  readonly ATLASSIAN_SCIM_DIRECTORY_ID?: string | undefined;
  /** The key of that directory: gives first and last name, department and external id. Left out: required with ATLASSIAN_SCIM_DIRECTORY_ID. (secret) */
  readonly ATLASSIAN_SCIM_KEY?: string | undefined;
  /** The same from a file. */
  readonly ATLASSIAN_SCIM_KEY_FILE?: string | undefined;
  /** The proxy that calls over TLS go through, in a tunnel that it cannot look into; those over plain HTTP never do, for it would read the credential. JWT_JWKS_URL is reached so too; POLICY_URL, a collector and a cache directly. Left out: HTTP_PROXY, or none. (URL) */
  readonly HTTPS_PROXY?: string | undefined;
  /** The same from a file. */
  readonly HTTPS_PROXY_FILE?: string | undefined;
  /** Counts where HTTPS_PROXY is not set, for calls over TLS as well. Left out: none. (URL) */
  readonly HTTP_PROXY?: string | undefined;
  /** The same from a file. */
  readonly HTTP_PROXY_FILE?: string | undefined;
  /** Hosts, domains and ranges of addresses (`10.0.0.0/8`) that are reached without the proxy, with commas between; `*` for all. A range covers addresses as they are written in a URL: no name is looked up for it. Left out: this machine alone. (list) */
  readonly NO_PROXY?: string | undefined;
  /** A PEM file of certificates to trust beside the well-known ones, for a proxy whose address begins with https. Left out: the well-known certificate authorities. (path) */
  readonly PROXY_CA_FILE?: string | undefined;
  /** Whether changes may be written to Confluence. Left out: off; on in the sandbox. (on or off) */
  readonly PROVISIONING?: Switch | undefined;
  /** Where each attempted change also stands as a JSON line; where it cannot be written, nothing is changed. By default stdout. (path or stdout) */
  readonly AUDIT_LOG?: string | undefined;
  /** A directory that keeps the record of changes, in an embedded PostgreSQL; for one process alone. Left out: the record of changes is in memory, and gone with the process. (path) */
  readonly STATE_DIR?: string | undefined;
  /** A PostgreSQL database that keeps the record of changes, in place of STATE_DIR; several processes may share it. Left out: no database is used. (address of a PostgreSQL database) */
  readonly DATABASE_URL?: string | undefined;
  /** The same from a file. */
  readonly DATABASE_URL_FILE?: string | undefined;
  /** How many days entries of the record are kept; what goes leaves a checkpoint with which the rest still verifies. Left out: entries are kept. (whole number, 1 to 36500) */
  readonly RECORD_RETENTION_DAYS?: number | string | undefined;
  /** Whether an incomplete list whose `completeness` the query does not select also stands in `errors`, as INCOMPLETE with its data kept; `off` for clients that read `extensions.completeness`, which gateways drop. By default on. (on or off) */
  readonly GAPS_IN_ERRORS?: Switch | undefined;
  /** How long a request may take; after that it is answered with INTERNAL, while what it had begun goes on. By default 300. (seconds, 1 to 3600) */
  readonly REQUEST_TIME_LIMIT_SECONDS?: number | string | undefined;
  /** How long requests in flight may finish after SIGTERM. By default 10. (seconds, 0 to 600) */
  readonly SHUTDOWN_GRACE_SECONDS?: number | string | undefined;
  /** A token with which a caller of /graphql may do everything, presented as Authorization: Bearer. Left out: where CALLERS_FILE and JWT_ISSUER are unset too, callers are not asked, and only loopback is served. (secret, at least 32 characters) */
  readonly CALLER_TOKEN?: string | undefined;
  /** The same from a file. */
  readonly CALLER_TOKEN_FILE?: string | undefined;
  /** A file in YAML or JSON with named callers, the digests of their tokens and their scopes (docs/callers.md); read again when it changes and on SIGHUP. Left out: there are no named callers. (path) */
  readonly CALLERS_FILE?: string | undefined;
  /** A list of operations that clients may ask for by id (docs/callers.md): Apollo's persisted query manifest, or an object of ids and operations as graphql-codegen writes it; read again when it changes and on SIGHUP. Left out: no operations are listed. (path) */
  readonly OPERATIONS_FILE?: string | undefined;
  /** Whether callers may ask for listed operations alone, or for any; a caller of CALLERS_FILE may have its own `operations`. A gateway needs any. Left out: listed where OPERATIONS_FILE is set, else any. (listed or any) */
  readonly OPERATIONS?: string | undefined;
  /** Whether the SHA-256 of a query that was let through before may stand for its text, by Apollo's protocol of automatic persisted queries. By default on. (on or off) */
  readonly APQ?: Switch | undefined;
  /** Whose JSON Web Tokens are taken: the claim `iss`, to the letter. Needs JWT_AUDIENCE and JWT_JWKS_URL. Left out: no JSON Web Tokens are taken. (text) */
  readonly JWT_ISSUER?: string | undefined;
  /** For whom such a token must be meant: the claim `aud`. Left out: no JSON Web Tokens are taken. (text) */
  readonly JWT_AUDIENCE?: string | undefined;
  /** Where the issuer publishes the keys that it signs with; they are read again every ten minutes, and when a token names an unknown one. Left out: no JSON Web Tokens are taken. (address that begins with https://) */
  readonly JWT_JWKS_URL?: string | undefined;
  /** How far the clocks of the issuer and of this machine may be apart. By default 30. (seconds, 0 to 600) */
  readonly JWT_CLOCK_SKEW_SECONDS?: number | string | undefined;
  /** The claim that names the caller; `jwt:` and its text stand in the record. By default sub. (name of a claim) */
  readonly JWT_NAME_CLAIM?: string | undefined;
  /** The claim that tells the caller's scopes, as text with blanks between or as a list; words in it that are no scope of ours give nothing. By default scope. (name of a claim) */
  readonly JWT_SCOPES_CLAIM?: string | undefined;
  /** The claim that tells the caller's own accounts, by account id or as site/id: to them it may give nothing. By default confluence_accounts. (name of a claim) */
  readonly JWT_ACCOUNTS_CLAIM?: string | undefined;
  /** How much the operations of one caller may cost in a minute. Over it the answer is CALLER_OVER_BUDGET with the wait. A caller of CALLERS_FILE may have a bound of its own. Left out: not bounded. (whole number, 1 to 999999999) */
  readonly CALLER_COST_PER_MINUTE?: number | string | undefined;
  /** How many operations of one caller may run at a time. Over it the answer is CALLER_OVER_BUDGET with the wait. A caller of CALLERS_FILE may have a bound of its own. Left out: not bounded. (whole number, 1 to 999999999) */
  readonly CALLER_OPERATIONS_AT_ONCE?: number | string | undefined;
  /** How many changes one caller may ask for in a minute, and how many it may plan by dry runs, counted apart. Over it the answer is CALLER_OVER_BUDGET with the wait. A caller of CALLERS_FILE may have a bound of its own. Left out: not bounded. (whole number, 1 to 999999999) */
  readonly CALLER_WRITES_PER_MINUTE?: number | string | undefined;
  /** Whether every change must give a `reason`. By default off. (on or off) */
  readonly REQUIRE_REASON?: Switch | undefined;
  /** Whether every change must come with the header X-Requested-By. By default off. (on or off) */
  readonly REQUIRE_REQUESTED_BY?: Switch | undefined;
  /** Who is asked before anything is written (docs/callers.md): one call for each mutation, with its caller and its plans; without an answer that allows it nothing is written. Left out: nobody is asked. (address that begins with https://) */
  readonly POLICY_URL?: string | undefined;
  /** What is presented to POLICY_URL as Authorization: Bearer. Left out: no token is presented. (secret) */
  readonly POLICY_TOKEN?: string | undefined;
  /** The same from a file. */
  readonly POLICY_TOKEN_FILE?: string | undefined;
  /** How long POLICY_URL may take; after that nothing is written. By default 5. (seconds, 1 to 5) */
  readonly POLICY_TIME_LIMIT_SECONDS?: number | string | undefined;
  /** The largest request body that is read. By default 4096. (kibibytes, 1 to 8192) */
  readonly BODY_LIMIT_KB?: number | string | undefined;
  /** Operations in one HTTP request. By default 10. (whole number, 1 to 1000) */
  readonly BATCH_LIMIT?: number | string | undefined;
  /** Levels of fields in one operation. By default 15. (whole number, 1 to 100) */
  readonly MAX_QUERY_DEPTH?: number | string | undefined;
  /** What the operations of one request may cost together, estimated before and counted while they run: a field of a list item is 1. See docs/limits.md. By default 2000000. (whole number, 1 to 100000000) */
  readonly MAX_QUERY_COST?: number | string | undefined;
  /** The longest answer that is sent. By default 16. (mebibytes, 1 to 256) */
  readonly MAX_RESPONSE_MB?: number | string | undefined;
  /** References that a gateway may send in one `_entities` field. By default 10000. (whole number, 1 to 100000) */
  readonly MAX_REFERENCES?: number | string | undefined;
  /** How long accounts are answered from memory; 0 keeps none. By default 300. (seconds, 0 to 86400) */
  readonly CACHE_TTL_ACCOUNTS?: number | string | undefined;
  /** How long groups are answered from memory; 0 keeps none. By default 300. (seconds, 0 to 86400) */
  readonly CACHE_TTL_GROUPS?: number | string | undefined;
  /** How long spaces are answered from memory; 0 keeps none. By default 300. (seconds, 0 to 86400) */
  readonly CACHE_TTL_SPACES?: number | string | undefined;
  /** How long group memberships are answered from memory; 0 keeps none. By default 60. (seconds, 0 to 86400) */
  readonly CACHE_TTL_MEMBERSHIPS?: number | string | undefined;
  /** How long the grants of a space are answered from memory; 0 keeps none. By default 60. (seconds, 0 to 86400) */
  readonly CACHE_TTL_GRANTS?: number | string | undefined;
  /** How long role definitions are answered from memory; 0 keeps none. By default 600. (seconds, 0 to 86400) */
  readonly CACHE_TTL_ROLES?: number | string | undefined;
  /** How long answers of "no such id" are answered from memory; 0 keeps none. By default 15. (seconds, 0 to 86400) */
  readonly CACHE_TTL_MISSES?: number | string | undefined;
  /** How old what queries are answered with may be while its site fails, marked as stale; 0 answers with nothing whose time is over. By default 60. (minutes, 0 to 1440) */
  readonly STALE_ON_FAILURE_MINUTES?: number | string | undefined;
  /** Memory for what was read of all sites: the cache, the access indexes and the lists of whole sites that are kept. The cache gives way to the other two, down to a quarter of it. By default 256. (mebibytes, 1 to 65536) */
  readonly CACHE_MAX_MB?: number | string | undefined;
  /** Memory for answers that are given again as the bytes that went out, for as long as all that they were made from is unchanged and fresh; 0 makes each answer anew. By default 32. (mebibytes, 0 to 65536) */
  readonly ANSWER_CACHE_MB?: number | string | undefined;
  /** Where the processes of one deployment share what may vanish: answers of sites, news of changes, one budget a site. `valkey://` and `valkeys://` are the same as `redis://` and `rediss://`; with `?cluster=true` it is one node of a cluster. See docs/operating.md. Left out: this process does all by itself. (address of a Valkey or Redis server) */
  readonly CACHE_URL?: string | undefined;
  /** The same from a file. */
  readonly CACHE_URL_FILE?: string | undefined;
  /** What everything at CACHE_URL is encrypted with, the same for all processes of a deployment. While it is replaced two of them: the first encrypts, both decrypt. How: docs/operating.md, "Rotation". Left out: made of the other secrets, and CACHE_URL must be on this machine. (secret, at least 32 characters; or two, with a comma between) */
  readonly CACHE_KEY?: string | undefined;
  /** The same from a file. */
  readonly CACHE_KEY_FILE?: string | undefined;
  /** What the names of everything at CACHE_URL are made with, the same for all processes of a deployment. It stays when CACHE_KEY is replaced, so that processes of before and after find each other. Left out: the last of `CACHE_KEY`. (secret, at least 32 characters) */
  readonly CACHE_NAME_KEY?: string | undefined;
  /** The same from a file. */
  readonly CACHE_NAME_KEY_FILE?: string | undefined;
  /** How many processes share by CACHE_URL, for one that starts while that is away and has heard of none: till then it keeps to its part of what is allowed, as the others do. Set it to the most that you run. By default 3. (whole number, 1 to 1000) */
  readonly CACHE_EXPECTED_PROCESSES?: number | string | undefined;
  /** The certificates (PEM) of an authority of your own that vouches for CACHE_URL over TLS. Left out: the well-known authorities. (path) */
  readonly CACHE_CA_FILE?: string | undefined;
  /** Whether the access index of each site is crawled at the start; otherwise the first question that needs it starts the crawl. By default off. (on or off) */
  readonly INDEX_WARM?: Switch | undefined;
  /** How old a part of the access index should become before it is read again; on a site that allows fewer calls it takes longer, as `Site.index` tells. By default 60. (minutes, 1 to 100000) */
  readonly INDEX_TTL?: number | string | undefined;
  /** The share of what a site's rate headers say remains that the crawl takes at most; and of its concurrency, at least one call. By default 0.25. (number above 0, up to 1) */
  readonly INDEX_QUOTA_SHARE?: number | string | undefined;
  /** What stands before the names of types and of the fields of Query and Mutation, where another subgraph has the same: ConfluenceAccount, confluenceAccounts. DateTime, Node and PageInfo keep theirs, and ids are the same. Left out: names as the documentation has them. (a capital letter, letters and digits) */
  readonly SCHEMA_PREFIX?: string | undefined;
  /** With SCHEMA_PREFIX: whether Identity keeps its name, so that other subgraphs can name people by it; its field is confluenceAccounts then. By default on. (on or off) */
  readonly SHARED_IDENTITY?: Switch | undefined;
  /** Whether Query has node and nodes; of the subgraphs of one supergraph only one can, and it answers for its own ids. Left out: on without SCHEMA_PREFIX, off with it. (on or off) */
  readonly NODE_FIELDS?: Switch | undefined;
  /** Whether an answer that is given again says for how long it may be kept (Cache-Control: private, max-age), for a router that caches; it keeps it then, whatever is changed meanwhile. By default off. (on or off) */
  readonly CACHE_HINTS?: Switch | undefined;
  /** The least severe line that is written; the log is JSON, one object a line. By default info. (trace, debug, info, warn, error, fatal, silent) */
  readonly LOG_LEVEL?: string | undefined;
  /** Whether GraphiQL is served at /graphiql; its page is open, and holds nothing of the graph. By default on. (on or off) */
  readonly GRAPHIQL?: Switch | undefined;
  /** Whether the schema may be asked for, by whoever may ask anything; gateways ask by `_service` all the same. By default on. (on or off) */
  readonly INTROSPECTION?: Switch | undefined;
  /** Whether answers from 1.4 KB on are sent in brotli or gzip to clients that accept it; `off` where a proxy in front does so. By default on. (on or off) */
  readonly COMPRESSION?: Switch | undefined;
  /** Whose web pages may call /graphql from a browser; they present a token like everybody, and no cookies are taken. Left out: pages of other origins may not ask. (origins, with commas between) */
  readonly CORS_ORIGINS?: string | undefined;
  /** Whether /health/ready answers 200 when the credentials of all sites hold, or of any. By default all. (all or any) */
  readonly READY_WHEN?: string | undefined;
  /** What a scraper presents to see /metrics, as Authorization: Bearer; it opens nothing else (docs/operating.md). Left out: /metrics is shown to callers with every scope and, where callers are not asked, to this machine. (secret, at least 32 characters) */
  readonly METRICS_TOKEN?: string | undefined;
  /** The same from a file. */
  readonly METRICS_TOKEN_FILE?: string | undefined;
  /** The collector that spans are sent to, by OTLP over HTTP, below /v1/traces (docs/operating.md). Left out: spans go nowhere. (address) */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** The same, with the whole path; it goes before. Left out: spans go nowhere. (address) */
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  /** What is presented to the collector. Left out: nothing is presented. (secret, name=value with commas between) */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  /** The same from a file. */
  readonly OTEL_EXPORTER_OTLP_HEADERS_FILE?: string | undefined;
  /** The same for spans; it goes before. Left out: nothing is presented. (secret, name=value with commas between) */
  readonly OTEL_EXPORTER_OTLP_TRACES_HEADERS?: string | undefined;
  /** The same from a file. */
  readonly OTEL_EXPORTER_OTLP_TRACES_HEADERS_FILE?: string | undefined;
  /** How spans are written. Left out: http/protobuf. (http/protobuf or http/json) */
  readonly OTEL_EXPORTER_OTLP_PROTOCOL?: string | undefined;
  /** The same for spans; it goes before. Left out: http/protobuf. (http/protobuf or http/json) */
  readonly OTEL_EXPORTER_OTLP_TRACES_PROTOCOL?: string | undefined;
  /** How long the collector may take for a batch. Left out: 10000. (milliseconds, 1 to 60000) */
  readonly OTEL_EXPORTER_OTLP_TIMEOUT?: string | undefined;
  /** Whether spans are sent; otlp without a collector sends them to http://localhost:4318. Left out: otlp where a collector is named. (otlp or none) */
  readonly OTEL_TRACES_EXPORTER?: string | undefined;
  /** Which traces are told; parentbased goes by what the gateway's traceparent says. Left out: parentbased_always_on. (parentbased_always_on, parentbased_always_off, parentbased_traceidratio, always_on, always_off, traceidratio) */
  readonly OTEL_TRACES_SAMPLER?: string | undefined;
  /** The share of traces that traceidratio tells. Left out: 1. (number, 0 to 1) */
  readonly OTEL_TRACES_SAMPLER_ARG?: number | string | undefined;
  /** What this server is called in traces. Left out: confluence-access-graph. (text) */
  readonly OTEL_SERVICE_NAME?: string | undefined;
  /** What else is told of this server in traces. Left out: nothing more is told. (name=value with commas between) */
  readonly OTEL_RESOURCE_ATTRIBUTES?: string | undefined;
  /** Sends no spans whatever else is set. Left out: false. (true or false) */
  readonly OTEL_SDK_DISABLED?: string | undefined;
  /** Whether traceparent and tracestate of a request go on to Confluence and Atlassian; to POLICY_URL and JWT_JWKS_URL they always do. By default on. (on or off) */
  readonly TRACE_SITES?: Switch | undefined;
}
