import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** A file of the deployments, by its path in the project. */
export function readYaml(path: string): unknown {
  return parse(readFileSync(path, "utf8"), { strict: true });
}

export const kubernetesFolder = "deploy/kubernetes";

/** Every manifest but the list of them, by its file. */
export function readManifests(): ReadonlyMap<string, unknown> {
  const files = readdirSync(kubernetesFolder).filter((file) => file !== "kustomization.yaml");
  return new Map(files.map((file) => [file, readYaml(`${kubernetesFolder}/${file}`)]));
}

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
export type Variable = z.output<typeof variable>;
const variable = z.strictObject({ name: z.string(), value: z.string() });

/** What a Deployment of a cache says beside what any says. */
const cacheSchema = z.object({
  spec: z.object({
    replicas: z.literal(1),
    selector: z.object({ matchLabels: labels }),
    strategy: z.object({ type: z.literal("Recreate") }),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        securityContext: z.object({ runAsNonRoot: z.literal(true) }),
        containers: z.tuple([
          z.object({
            image: z.string(),
            args: z.array(z.string()),
            resources: z.object({ limits: labels }),
            securityContext: z.object({
              readOnlyRootFilesystem: z.literal(true),
              allowPrivilegeEscalation: z.literal(false),
            }),
            volumeMounts: z.tuple([z.object({ mountPath: z.string(), readOnly: z.literal(true) })]),
          }),
        ]),
        volumes: z.tuple([
          z.object({ secret: z.object({ items: z.array(z.object({ key: z.string(), path: z.string() })) }) }),
        ]),
      }),
    }),
  }),
});

export function readCache() {
  const { spec } = cacheSchema.parse(readYaml(`${kubernetesFolder}/cache-deployment.yaml`));
  const pod = spec.template.spec;
  return { spec, pod, container: pod.containers[0] };
}

const deploymentSchema = z.object({
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: labels }),
    strategy: z.object({ rollingUpdate: z.object({ maxSurge: z.number(), maxUnavailable: z.number() }) }),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        affinity: z.object({ podAntiAffinity: z.unknown() }),
        serviceAccountName: z.string(),
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.object({ runAsNonRoot: z.boolean(), runAsUser: z.number() }),
        containers: z.tuple([
          z.object({
            image: z.string(),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            env: z.array(variable),
            lifecycle: z.object({
              preStop: z.object({ exec: z.object({ command: z.tuple([z.literal("sleep"), z.string()]) }) }),
            }),
            startupProbe: probe,
            livenessProbe: probe,
            readinessProbe: probe,
            resources: z.object({ requests: labels, limits: labels }),
            securityContext: z.object({ readOnlyRootFilesystem: z.boolean(), allowPrivilegeEscalation: z.boolean() }),
            volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean() })),
          }),
        ]),
        volumes: z.array(z.object({ name: z.string(), secret: z.object({ secretName: z.string() }) })),
      }),
    }),
  }),
});

export function readDeployment() {
  const { spec } = deploymentSchema.parse(readYaml(`${kubernetesFolder}/deployment.yaml`));
  const pod = spec.template.spec;
  const [container] = pod.containers;
  return { spec, pod, container };
}

const serviceOfCompose = z.strictObject({
  build: z.strictObject({ context: z.string() }).optional(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: labels.default({}),
  secrets: z.array(z.string()).default([]),
  deploy: z.strictObject({ replicas: z.number() }).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() })
    .optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()),
  mem_limit: z.string(),
  pids_limit: z.number().optional(),
  stop_grace_period: z.string().optional(),
  restart: z.string(),
});

/** The keys are those of the Compose Specification that are used: any other is a slip until it is added here. */
export const composeSchema = z.strictObject({
  name: z.string(),
  services: z.strictObject({
    graph: serviceOfCompose,
    balancer: serviceOfCompose,
    cache: serviceOfCompose,
    database: serviceOfCompose,
  }),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

/** The instructions of a Dockerfile, lines that go on joined. */
export function readDockerfile(): readonly { readonly instruction: string; readonly rest: string }[] {
  const text = readFileSync("Dockerfile", "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "");
  return text.split("\n").flatMap((line) => {
    const [, instruction = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return instruction === "" ? [] : [{ instruction, rest }];
  });
}

/** What `ENV` says. */
export function imageVariables(): Record<string, string> {
  const given = readDockerfile().filter(({ instruction }) => instruction === "ENV");
  const pairs = given.flatMap(({ rest }) => rest.split(" ").map((pair) => pair.split("=")));
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, value]));
}
