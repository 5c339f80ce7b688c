import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { validate } from "dockerfile-utils";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/readConfig.js";
import { type SettingName, settings } from "../../src/config/settings/settings.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld } from "../support/worlds.js";
import {
  composeSchema,
  imageVariables,
  kubernetesFolder,
  readCache,
  readDeployment,
  readDockerfile,
  readManifests,
  readYaml,
} from "./manifests.js";

const folder = mkdtempSync(join(tmpdir(), "deploy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const secretText: Readonly<Record<string, string>> = {
  "database-url": "postgres://graph:a-password@database:5432/graph",
  "cache-url": "redis://graph:a-password@cache:6379",
};

/** The environment as the server has it there, with the mounted files in a folder of ours. */
function asStarted(environment: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries({ ...imageVariables(), ...environment }).map(([name, value]) => {
    if (!name.endsWith("_FILE")) return [name, value];
    const file = join(folder, basename(value));
    writeFileSync(file, secretText[basename(value)] ?? "0123456789-0123456789-0123456789-0123456789\n");
    return [name, file];
  });
  return Object.fromEntries(entries);
}

/** Names that are no settings, and secrets that stand there in clear. */
function faultsOf(environment: Readonly<Record<string, string>>): string[] {
  return Object.keys(environment).filter((name) => {
    if (name === "NODE_ENV") return false;
    const own = name.replace(/_FILE$/, "");
    const setting = Object.hasOwn(settings, own) ? settings[own as SettingName] : undefined;
    return setting === undefined || setting.isSecret !== (own !== name);
  });
}

const compose = composeSchema.parse(readYaml("deploy/compose.yaml"));
const composed = Object.fromEntries(
  Object.entries(compose.services.graph.environment).map(([name, value]) => [
    name,
    value
      .replace(/^\$\{CONFLUENCE_URL:.*\}$/, "https://acme.atlassian.net")
      .replace(/^\$\{\w+:.*\}$/, "a@acme.example"),
  ]),
);
const { spec, pod, container } = readDeployment();
const inCluster = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));

describe("the image", () => {
  const steps = readDockerfile();
  const last = (wanted: string) => steps.findLast(({ instruction }) => instruction === wanted)?.rest;

  it("is made by a Dockerfile without a fault that a linter finds", () => {
    expect(validate(readFileSync("Dockerfile", "utf8"))).toEqual([]);
    expect(validate("FROM node\nCOPYY a b\n")).not.toEqual([]);
  });

  it("runs without rights, on a version of Node that is supported, and knows the server's settings alone", () => {
    expect(last("USER")).toBe("node");
    expect(
      new Set(steps.filter(({ instruction }) => instruction === "FROM").map(({ rest }) => rest.split(" ")[0])),
    ).toEqual(new Set(["node:24-bookworm-slim"]));
    expect(faultsOf(imageVariables())).toEqual([]);
    expect(last("EXPOSE")).toBe(imageVariables().PORT);
  });

  it("starts only where callers are told apart, since anybody may reach its port", () => {
    const site = {
      CONFLUENCE_URL: "https://acme.atlassian.net",
      CONFLUENCE_EMAIL: "a@acme.example",
      CONFLUENCE_API_TOKEN: "t",
    };
    expect(() => readConfig({ ...imageVariables(), ...site })).toThrow(/HOST: refuses to listen beyond loopback/);
  });
});

describe.each([
  ["the compose file", composed],
  ["the Deployment", inCluster],
])("%s", (_name, environment) => {
  it("names settings alone, and secrets by their files", () => {
    expect(faultsOf(environment)).toEqual([]);
    expect(faultsOf({ CALLER_TOKEN: "in clear", PORT_FILE: "no secret", NO_SETTING: "" })).toHaveLength(3);
  });

  it("gives values that the server takes, over a database that its processes share", () => {
    const config = readConfig(asStarted(environment));
    expect(config.warnings).toEqual([]);
    expect(config.isSandboxed).toBe(false);
    expect(config.record.place.kind).toBe("database");
    expect(config.fleet).toMatchObject({ address: { host: "cache", username: "graph" }, keys: [expect.anything()] });
    expect(config.callers).not.toBeNull();
  });
});

describe("the compose file", () => {
  const { graph, balancer, cache, database } = compose.services;

  it("mounts each secret that is named, and none besides", () => {
    for (const { environment, secrets, command = [] } of [graph, cache, database]) {
      const named = Object.entries(environment).flatMap(([name, value]) => (name.endsWith("_FILE") ? [value] : []));
      named.push(...command.filter((word) => word.startsWith("/run/secrets/")));
      expect(named.sort()).toEqual(secrets.map((secret) => `/run/secrets/${secret}`).sort());
    }
    expect(Object.keys(compose.secrets).sort()).toEqual(
      [graph, cache, database].flatMap(({ secrets }) => secrets).sort(),
    );
    expect(readFileSync(".gitignore", "utf8")).toContain("deploy/secrets/\n");
  });

  it("has the server without rights, on this machine's own port, and waits for owed answers", () => {
    expect(graph).toMatchObject({ read_only: true, cap_drop: ["ALL"], deploy: { replicas: 3 } });
    expect([graph.ports, balancer.ports]).toEqual([undefined, ["127.0.0.1:4000:4000"]]);
    const { shutdownGraceMs } = readConfig(asStarted(composed)).server;
    expect(Number.parseInt(graph.stop_grace_period ?? "", 10) * 1000).toBeGreaterThan(shutdownGraceMs);
  });
});

describe("the balancer of the compose file", () => {
  const text = readFileSync("deploy/haproxy.cfg", "utf8");

  it("stands before each of the servers, and asks them whether they are ready", () => {
    expect(compose.services.balancer.volumes).toEqual([expect.stringMatching(/^\.\/haproxy\.cfg:\S+:ro$/)]);
    const [, most, port] = /server-template graph (\d+) graph:(\d+)$/m.exec(text) ?? [];
    expect(Number(most)).toBeGreaterThanOrEqual(compose.services.graph.deploy?.replicas ?? 0);
    expect(port).toBe(imageVariables().PORT);
    expect(text).toContain(`option httpchk GET ${container.readinessProbe.httpGet.path}\n`);
    expect(text).toMatch(/^ {2}bind :4000$/m);
  });

  it("sends nothing a second time that a server may have taken, and waits as long as a server may", () => {
    expect(text).toContain("retry-on conn-failure\n");
    const { requestTimeLimitMs } = readConfig(asStarted(composed)).server;
    expect(Number(/timeout server (\d+)s/.exec(text)?.[1]) * 1_000).toBeGreaterThan(requestTimeLimitMs);
  });
});

describe("the cache", () => {
  const cache = readCache();

  it("is the same in both: it keeps nothing, is bounded below its memory, and lets one user at the keys of this product", () => {
    const [mount] = cache.container.volumeMounts;
    const words = compose.services.cache.command ?? [];
    expect(cache.container.args).toEqual([...words.slice(0, -1), `${mount.mountPath}/cache-acl`]);
    const settings = new Map(words.flatMap((word, at) => (word.startsWith("--") ? [[word, words[at + 1]]] : [])));
    expect(Object.fromEntries(settings)).toEqual({
      ...{ "--save": "", "--appendonly": "no", "--maxmemory": "256mb", "--maxmemory-policy": "volatile-lru" },
      "--aclfile": "/run/secrets/cache-acl",
    });
    expect([cache.container.resources.limits.memory, compose.services.cache.mem_limit]).toEqual(["384Mi", "384m"]);
    expect(compose.services.cache.image).toMatch(new RegExp(`^${cache.container.image}:`));
  });

  it("is given the one secret that it needs, and reached by the servers alone, by its name", () => {
    const [{ secret }] = cache.pod.volumes;
    expect(secret.items).toEqual([{ key: "cache-acl", path: "cache-acl" }]);
    const manifests = readManifests();
    const own = cache.spec.selector.matchLabels;
    expect(own).not.toEqual(spec.selector.matchLabels);
    expect(cache.spec.template.metadata.labels).toEqual(own);
    expect(manifests.get("cache-service.yaml")).toMatchObject({ metadata: { name: "cache" }, spec: { selector: own } });
    expect(manifests.get("cache-networkpolicy.yaml")).toMatchObject({
      spec: {
        podSelector: { matchLabels: own },
        ingress: [{ from: [{ podSelector: { matchLabels: spec.selector.matchLabels } }] }],
      },
    });
    expect(manifests.get("networkpolicy.yaml")).toMatchObject({
      spec: {
        egress: expect.arrayContaining([{ to: [{ podSelector: { matchLabels: own } }], ports: [{ port: 6379 }] }]),
      },
    });
  });
});

describe("the manifests", () => {
  const manifests = readManifests();
  const labels = { "app.kubernetes.io/name": "confluence-access-graph" };

  it("are all in the list that is applied", () => {
    const { resources } = readYaml(`${kubernetesFolder}/kustomization.yaml`) as { resources: string[] };
    expect([...resources].sort()).toEqual([...manifests.keys()].sort());
    expect(readdirSync(kubernetesFolder)).toHaveLength(manifests.size + 1);
  });

  it("mean the same pods", () => {
    expect([spec.selector.matchLabels, spec.template.metadata.labels]).toEqual([labels, labels]);
    expect(manifests.get("service.yaml")).toMatchObject({ spec: { selector: labels } });
    expect(manifests.get("poddisruptionbudget.yaml")).toMatchObject({ spec: { selector: { matchLabels: labels } } });
    expect(manifests.get("networkpolicy.yaml")).toMatchObject({ spec: { podSelector: { matchLabels: labels } } });
  });

  it("mean the port that the image opens, by its name", () => {
    const [port] = container.ports;
    expect(container.ports).toEqual([{ name: "http", containerPort: Number(imageVariables().PORT) }]);
    expect(manifests.get("service.yaml")).toMatchObject({ spec: { ports: [{ targetPort: port?.name }] } });
    expect(manifests.get("networkpolicy.yaml")).toMatchObject({
      spec: { ingress: [{ ports: [{ port: port?.name }] }] },
    });
  });

  it("have pods without rights, without a token of the cluster, and with a bound to their memory", () => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    expect(manifests.get("serviceaccount.yaml")).toMatchObject({
      metadata: { name: pod.serviceAccountName },
      automountServiceAccountToken: false,
    });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.resources.limits.memory).toBe("1Gi");
  });

  it("mount the secrets where the settings look for them", () => {
    const [mount] = container.volumeMounts;
    const files = container.env.filter(({ name }) => name.endsWith("_FILE")).map(({ value }) => value);
    expect(files.filter((file) => file !== `${mount?.mountPath}/${basename(file)}`)).toEqual([]);
    expect(pod.volumes.map(({ name }) => name)).toEqual(container.volumeMounts.map(({ name }) => name));
  });

  it("leave a pod to answer while another goes, and time for owed answers", () => {
    expect(manifests.get("poddisruptionbudget.yaml")).toMatchObject({ spec: { minAvailable: spec.replicas - 1 } });
    expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    const { shutdownGraceMs } = readConfig(asStarted(inCluster)).server;
    const [, pauseSeconds] = container.lifecycle.preStop.exec.command;
    const goingMs = Number(pauseSeconds) * 1_000 + shutdownGraceMs + 1_000;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(goingMs);
  });

  it("probe what the server answers, as soon as its site is there", async () => {
    await using stack = await startStack({ world: cloudWorld({}) });
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    for (const { httpGet } of probes) {
      expect(container.ports.map(({ name }) => name)).toContain(httpGet.port);
      await expect.poll(async () => (await fetch(`${stack.server.url}${httpGet.path}`)).status).toBe(200);
    }
  });
});
