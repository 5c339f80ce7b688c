import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSafely } from "node:tls";
import { AbstractConnector, Cluster, Redis, type RedisOptions } from "ioredis";
import type { EngineAddress } from "../../config/fleet/FleetConfig.js";
import type { Connect, LostReason } from "./Connection.js";
import { ReplyScanner } from "./ReplyScanner.js";
import { refusalOf } from "./readReply.js";

const limits = {
  /** How long a node has for its connection and its greeting; nobody waits for it but who tries whether it is there. */
  connectMs: 2_000,
  /** How long a cluster has to tell who holds what. */
  slotsMs: 1_000,
  /** Between looks at who holds what. */
  slotsEveryMs: 30_000,
  /** While a slot moves from node to node, what stands half here and half there is asked for again. It was not carried out. */
  tryAgainMs: 20,
  /** Nodes of a cluster that are remembered. */
  knownNodes: 32,
} as const;

/** How ioredis goes to the engine. It repeats nothing, keeps nothing for later and does not come back by itself: that is decided elsewhere. */
export function connectRedis(address: EngineAddress): Connect {
  const known = new Map<string, ClusterNode>();
  return async (onLost, givenUp) => {
    let isLost = false;
    const lose = (reason: LostReason) => {
      if (isLost) return;
      isLost = true;
      onLost(reason);
    };
    const client = clientOf(address, { known, onGarbage: () => lose("garbage") });
    let first: unknown = null;
    // An event of this name without a listener ends the process. It tells more than the rejections do.
    client.on("error", (error) => {
      first ??= error;
    });
    client.on("node error", (error) => {
      first ??= error;
    });
    // It waits for good for the greeting of one that took the connection and then says nothing.
    const giveUp = () => client.disconnect();
    givenUp.addEventListener("abort", giveUp, { once: true });
    try {
      await client.connect();
      client.on("end", () => lose("closed"));
      // Another database than the one that was asked for is none of ours.
      if (refusalOf(first) !== null) throw first;
    } catch (error) {
      isLost = true;
      client.disconnect();
      throw first ?? error;
    } finally {
      givenUp.removeEventListener("abort", giveUp);
    }
    return {
      send: (command, args) => client.callBuffer(command, ...args),
      close: () => {
        isLost = true;
        client.disconnect();
      },
    };
  };
}

interface ClusterNode {
  readonly host: string;
  readonly port: number;
}

interface ClientParts {
  /** The nodes that a cluster told of, the latest last: the one that is configured may be gone. */
  readonly known: Map<string, ClusterNode>;
  readonly onGarbage: () => void;
}

function clientOf(address: EngineAddress, { known, onGarbage }: ClientParts): Redis | Cluster {
  const { host, port, isCluster } = address;
  const options = { ...optionsOf(address), Connector: connectorTo(address, onGarbage) };
  if (!isCluster) return new Redis({ ...options, db: address.database });
  const cluster = new Cluster([{ host, port }, ...known.values()], {
    redisOptions: options,
    lazyConnect: true,
    // Of a node that is being connected to: it would refuse each command but the first. Each has its deadline.
    enableOfflineQueue: true,
    enableReadyCheck: false,
    clusterRetryStrategy: () => null,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: limits.tryAgainMs,
    slotsRefreshTimeout: limits.slotsMs,
    slotsRefreshInterval: limits.slotsEveryMs,
    // By their names, for which their certificates are.
    dnsLookup: (name, answer) => answer(null, name),
  });
  // It asks by itself, behind a command that was sent on to another node, and takes no notice of what becomes of that.
  cluster.on("+node", (node: Redis) => {
    remember(node, known);
    const { asking } = node;
    Object.assign(node, {
      asking: async (): Promise<void> => {
        await asking.call(node).catch(() => undefined);
      },
    });
  });
  return cluster;
}

function remember({ options }: Redis, known: Map<string, ClusterNode>): void {
  const node = nodeOf(options);
  if (node === null) return;
  const name = `${node.host}:${node.port}`;
  known.delete(name);
  known.set(name, node);
  const [oldest] = known.keys();
  if (known.size > limits.knownNodes && oldest !== undefined) known.delete(oldest);
}

function optionsOf({ host, port, path, username, password, isSafe }: EngineAddress) {
  return {
    ...(path === null ? { host, port } : { path }),
    // Without a name a server that wants no password refuses one, which ioredis writes to standard output by itself.
    ...(password === null ? {} : { username: username ?? "default", password: password.reveal() }),
    // What it is made with stands in the connector; here it says which event to wait for.
    ...(isSafe ? { tls: {} } : {}),
    connectionName: "confluence-access-graph",
    disableClientInfo: true,
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectTimeout: limits.connectMs,
    replyMapping: "legacy",
  } satisfies RedisOptions;
}

/** Opens sockets that pass on nothing but replies, each to a command of ours, and that end at once. */
function connectorTo(address: EngineAddress, onGarbage: () => void) {
  return class extends AbstractConnector {
    readonly #node: { readonly host: string; readonly port: number };

    constructor(options: unknown) {
      super(0);
      this.#node = nodeOf(options) ?? address;
    }

    // What cannot be opened rejects: a cluster may name a node by a port that is none.
    override async connect(): Promise<Socket> {
      const socket = openSocket(address, this.#node);
      this.connecting = true;
      this.stream = socket;
      socket.on("error", (error) => {
        this.firstError ??= error;
      });
      passOnlyReplies(socket, onGarbage);
      return socket;
    }

    override disconnect(): void {
      this.connecting = false;
      this.stream?.destroy();
    }
  };
}

/** The node of a cluster that ioredis wants to go to. */
function nodeOf(options: unknown): ClusterNode | null {
  if (typeof options !== "object" || options === null || !("host" in options && "port" in options)) return null;
  const { host, port } = options;
  return typeof host === "string" && typeof port === "number" ? { host, port } : null;
}

function openSocket({ host: known, path, isSafe, ca }: EngineAddress, node: { host: string; port: number }): Socket {
  if (path !== null) return connectPlain({ path });
  if (!isSafe) return connectPlain(node);
  // A cluster may tell its nodes by their numbers: their certificates are for the name that was configured.
  const name = isIP(node.host) === 0 ? node.host : known;
  return connectSafely({
    ...node,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === null ? {} : { ca }),
  });
}

function isOfSlots(command: unknown): boolean {
  return typeof command === "string" && /^\*\d\r\n\$7\r\ncluster\r\n\$5\r\nslots\r\n/i.test(command);
}

function passOnlyReplies(socket: Socket, onGarbage: () => void): void {
  const scanner = new ReplyScanner();
  const { write, emit } = socket;
  // ioredis writes each command by one call.
  Object.assign(socket, {
    write: (...args: unknown[]): unknown => {
      scanner.expect(isOfSlots(args[0]));
      return Reflect.apply(write, socket, args);
    },
    emit: (...args: unknown[]): unknown => {
      const [event, chunk] = args;
      if (event !== "data" || !Buffer.isBuffer(chunk) || scanner.follow(chunk))
        return Reflect.apply(emit, socket, args);
      onGarbage();
      socket.destroy();
      return true;
    },
  });
}
