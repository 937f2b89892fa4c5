{{/* The image of deploy/images.env: {"root": $, "name": "PROMETHEUS_IMAGE"} */}}
{{- define "benchlab.image" -}}
{{- $line := regexFind (printf "(?m)^%s=\\S+" .name) (.root.Files.Get "images.env") -}}
{{- $image := required (printf "deploy/images.env has no %s." .name) (trimPrefix (printf "%s=" .name) $line) -}}
{{- printf "%s%s" .root.Values.monitoring.imagePrefix $image | quote -}}
{{- end -}}

{{/* A file of the repository, which must be there: {"root": $, "path": "files/agent/agent.yaml"} */}}
{{- define "benchlab.file" -}}
{{- required (printf "The chart has no %s." .path) (.root.Files.Get .path) -}}
{{- end -}}

{{- define "benchlab.metadata" -}}
name: {{ .name }}
namespace: {{ .namespace | default .root.Values.monitoring.namespace }}
labels: {{- include "benchlab.labels" . | nindent 2 }}
{{- end -}}

{{- define "benchlab.labels" -}}
app.kubernetes.io/name: {{ .app | default .name }}
app.kubernetes.io/part-of: benchlab
{{- end -}}

{{/* What the restricted Pod Security Standard asks of a pod, and more: {"user": 65534} */}}
{{- define "benchlab.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.monitoring.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "benchlab.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* Two pods of one kind are on two nodes where there are two: {"app": "alertmanager"} */}}
{{- define "benchlab.spread" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector: { matchLabels: { app.kubernetes.io/name: {{ .app }} } }
{{- end -}}

{{- define "benchlab.claim" -}}
- metadata: { name: data }
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .root.Values.monitoring.storageClassName }}
    storageClassName: {{ . }}
    {{- end }}
    resources: { requests: { storage: {{ .storage }} } }
{{- end -}}

{{/* Names are looked up in the cluster's DNS. */}}
{{- define "benchlab.dns" -}}
- to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- end -}}

{{/* Pods of the stack by name, as the peers of a NetworkPolicy: {"apps": (list "grafana")} */}}
{{- define "benchlab.pods" -}}
{{- range .apps }}
- podSelector: { matchLabels: { app.kubernetes.io/name: {{ . }} } }
{{- end }}
{{- end -}}

{{/* The environment of a collector in a pod: {"memoryMiB": 512}. Its loopback is its own, so it listens for the pod's address. */}}
{{- define "benchlab.collectorEnv" -}}
- { name: COLLECTOR_HEALTH_ENDPOINT, value: "0.0.0.0:13133" }
- { name: COLLECTOR_TELEMETRY_HOST, value: 0.0.0.0 }
- { name: COLLECTOR_MEMORY_MIB, value: {{ .memoryMiB | quote }} }
- { name: COLLECTOR_MEMORY_SPIKE_MIB, value: {{ div .memoryMiB 5 | quote }} }
# 80 % of the limit: Go collects garbage before the collector has to refuse data.
- { name: GOMEMLIMIT, value: {{ printf "%dMiB" (div (mul .memoryMiB 8) 10) | quote }} }
{{- end -}}

{{- define "benchlab.collectorContainer" -}}
{{- include "benchlab.containerSecurity" . }}
ports:
  - { name: otlp-grpc, containerPort: 4317 }
  - { name: otlp-http, containerPort: 4318 }
  - { name: metrics, containerPort: 8888 }
  - { name: health, containerPort: 13133 }
readinessProbe: { httpGet: { path: /, port: health } }
livenessProbe: { httpGet: { path: /, port: health }, periodSeconds: 30 }
# The image has no program but the collector, so the pause before its end is the kubelet's.
lifecycle: { preStop: { sleep: { seconds: 5 } } }
{{- end -}}
