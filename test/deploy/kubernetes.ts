// The part of the Kubernetes API (apps/v1, batch/v1, core/v1, networking/v1 of 1.29 and newer) that deploy/ uses: field
// names, types and values as the API reference has them; a field that is not here is refused.
import { z } from "zod";

const text = z.string().min(1);
const labels = z.record(z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9][\w.-]{0,62}$/), z.string().max(63));
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
/** A resource quantity: `250m`, `2`, `1Gi`. */
const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/);
const port = z.int().min(1).max(65_535);
const metadata = z.strictObject({ name, labels: labels.optional() });
const selector = z.strictObject({ matchLabels: labels });
const key = z.strictObject({ name, key: text });
const item = z.strictObject({ key: text, path: text });

const env = z.union([
  z.strictObject({ name: text, value: z.string() }),
  z.strictObject({
    name: text,
    valueFrom: z.union([
      z.strictObject({ secretKeyRef: key }),
      z.strictObject({
        fieldRef: z.strictObject({
          fieldPath: z.enum(["metadata.name", "metadata.namespace", "spec.nodeName", "status.podIP"]),
        }),
      }),
    ]),
  }),
]);

const container = z.strictObject({
  name,
  image: text,
  command: z.array(text).optional(),
  args: z.array(text).optional(),
  env: z.array(env).optional(),
  ports: z.array(z.strictObject({ name, containerPort: port })).optional(),
  readinessProbe: z.strictObject({ tcpSocket: z.strictObject({ port: z.union([port, name]) }) }).optional(),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ cpu: quantity.optional(), memory: quantity }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
  }),
  volumeMounts: z
    .array(
      z.strictObject({
        name,
        mountPath: z.string().startsWith("/"),
        subPath: text.optional(),
        readOnly: z.boolean().optional(),
      }),
    )
    .optional(),
});

const volume = z.union([
  z.strictObject({ name, emptyDir: z.strictObject({}) }),
  z.strictObject({ name, configMap: z.strictObject({ name }) }),
  z.strictObject({ name, secret: z.strictObject({ secretName: name, items: z.array(item) }) }),
  z.strictObject({ name, persistentVolumeClaim: z.strictObject({ claimName: name }) }),
]);

const podSpec = z.strictObject({
  restartPolicy: z.enum(["Always", "OnFailure", "Never"]).optional(),
  automountServiceAccountToken: z.literal(false),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.int().positive(),
    runAsGroup: z.int().positive(),
    fsGroup: z.int().positive().optional(),
    seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }),
  }),
  topologySpreadConstraints: z
    .array(
      z.strictObject({
        maxSkew: z.int().positive(),
        topologyKey: text,
        whenUnsatisfiable: z.enum(["DoNotSchedule", "ScheduleAnyway"]),
        labelSelector: selector,
      }),
    )
    .optional(),
  containers: z.array(container).min(1),
  volumes: z.array(volume).optional(),
});
const template = z.strictObject({ metadata: z.strictObject({ labels }), spec: podSpec });

export const MANIFEST = z.discriminatedUnion("kind", [
  z.strictObject({
    apiVersion: z.literal("apps/v1"),
    kind: z.literal("Deployment"),
    metadata,
    spec: z.strictObject({ replicas: z.int().positive(), selector, template }),
  }),
  z.strictObject({
    apiVersion: z.literal("batch/v1"),
    kind: z.literal("Job"),
    metadata,
    spec: z.strictObject({
      completionMode: z.enum(["Indexed", "NonIndexed"]).optional(),
      completions: z.int().positive().optional(),
      parallelism: z.int().positive().optional(),
      backoffLimit: z.int().min(0),
      ttlSecondsAfterFinished: z.int().positive(),
      template,
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("v1"),
    kind: z.literal("Service"),
    metadata,
    spec: z.strictObject({
      selector: labels,
      ports: z.array(z.strictObject({ name, port, targetPort: z.union([port, name]) })),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("v1"),
    kind: z.literal("PersistentVolumeClaim"),
    metadata,
    spec: z.strictObject({
      accessModes: z.array(z.enum(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"])),
      resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("networking.k8s.io/v1"),
    kind: z.literal("NetworkPolicy"),
    metadata,
    spec: z.strictObject({
      podSelector: selector,
      policyTypes: z.array(z.enum(["Ingress", "Egress"])),
      ingress: z.array(
        z.strictObject({
          from: z.array(z.strictObject({ podSelector: selector })),
          ports: z.array(z.strictObject({ protocol: z.enum(["TCP", "UDP", "SCTP"]), port })),
        }),
      ),
    }),
  }),
]);

export type Manifest = z.infer<typeof MANIFEST>;
export type PodSpec = z.infer<typeof podSpec>;
