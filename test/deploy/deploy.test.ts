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
  readDeployment,
  readDockerfile,
  readManifests,
  readYaml,
} from "./manifests.js";

const folder = mkdtempSync(join(tmpdir(), "deploy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const secretText: Readonly<Record<string, string>> = {
  "database-url": "postgres://graph:a-password@database:5432/graph",
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
    expect(config.callers).not.toBeNull();
  });
});

describe("the compose file", () => {
  const { graph, database } = compose.services;

  it("mounts each secret that is named, and none besides", () => {
    for (const { environment, secrets } of [graph, database]) {
      const named = Object.entries(environment).flatMap(([name, value]) => (name.endsWith("_FILE") ? [value] : []));
      expect(named.sort()).toEqual(secrets.map((secret) => `/run/secrets/${secret}`).sort());
    }
    expect(Object.keys(compose.secrets).sort()).toEqual([...graph.secrets, ...database.secrets].sort());
    expect(readFileSync(".gitignore", "utf8")).toContain("deploy/secrets/\n");
  });

  it("has the server without rights, on this machine's own port, and waits for owed answers", () => {
    expect(graph).toMatchObject({ read_only: true, cap_drop: ["ALL"], ports: ["127.0.0.1:4000:4000"] });
    const { shutdownGraceMs } = readConfig(asStarted(composed)).server;
    expect(Number.parseInt(graph.stop_grace_period ?? "", 10) * 1000).toBeGreaterThan(shutdownGraceMs);
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
    const { shutdownGraceMs } = readConfig(asStarted(inCluster)).server;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(shutdownGraceMs + 1_000);
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
