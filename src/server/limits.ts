/** What the HTTP side bounds beyond the settings. */
export const serverLimits = {
  /** Answers that are owed on one connection before no more is read from it. */
  owedOnConnection: 16,
  /** Time a client has to send a whole request. */
  requestTimeoutMs: 30_000,
  /** And for the headers alone. */
  headersTimeoutMs: 15_000,
  /** How often connections are looked at for that. */
  connectionsCheckMs: 5_000,
  /** Connections at a time; one more is closed unanswered. An idle one takes some 20 KB. */
  maxConnections: 10_000,
  /** How long a client may read nothing of an answer that waits for it. */
  unreadMs: 30_000,
  /** An answer shorter than this fits into what the system holds for a client that does not read. */
  unreadBytes: 16_384,
  /** After SIGTERM: how long clients still come in, and are told not to come again. Balancers take that long to notice. */
  lingerMs: 300,
  /** As long as questions come all the same, this long at most: a balancer that looks every other second has noticed by then. */
  mostLingerMs: 6_000,
  /** And after that, how long those who are connected are heard. */
  hearMs: 100,
  /** How long those whose time is over have to read that it is. */
  farewellMs: 1_000,
  /** How long an idle connection is kept, longer than the idle time of the usual load balancers (60 s). */
  keepAliveTimeoutMs: 72_000,
  /** How long what is left of a refused body is read and thrown away, so that the client gets to read the refusal. */
  discardMs: 5_000,
  /** Tokens of one GraphQL document, some 40,000 characters; parsing stops there. Of twice as many, validation takes longer than 50 ms. */
  maxDocumentTokens: 10_000,
  /** What is wrong with a document that is told. */
  validationErrors: 25,
  /** Others have their turn between the steps that a longer document goes through. */
  documentStepCharacters: 4_000,
  /** Characters of a document that take a unit of cost, some microsecond, to parse and to validate; what is beyond so many is little more than skipped. */
  documentCharactersOfUnit: 2,
  documentChargedCharacters: 40_000,
  /** What all parsed documents take that were asked again, and are kept: some thousands of short ones. */
  documentStoreBytes: 72_000_000,
  /** And those that were asked once: some hundreds, for clients that write anew what they ask leave nothing else. */
  documentStoreOnceBytes: 8_000_000,
  /** A document that takes more than this, by its tokens and its text, is parsed each time instead of crowding the others out. */
  documentStoreLargestBytes: 4_400_000,
  /** `Accept` headers whose negotiated form is kept, and how long one may be for that. */
  acceptHeadersKept: 100,
  acceptHeaderLongest: 500,
  /** Characters of an operation name and of an error code in the log. */
  loggedNameLength: 100,
  /** Operation names and error codes in one log line. */
  loggedNames: 10,
} as const;
