const runbooks = 'https://github.com/benchlab-otel/benchlab-otel/blob/main/collector-config/runbooks';

/** Rules to begin with: nothing fires unless a file has them. */
export const exampleAlerts: string = `# Alerts of the agent: append them to /etc/benchlab/config.toml, and change names, limits and addresses.
[alerts]
alertmanagers = ["http://127.0.0.1:9093"]
#webhook = "https://hooks.example/services/bench"
#webhook_form = "slack"

[[alerts.rules]]
name = "BenchPowerAbsent"
series = "hw_host_power_watts"
when = "absent"
for = "1m"
severity = "critical"
summary = "No board of this host reports power."
runbook = "${runbooks}/SamplesAbsent.md"

[[alerts.rules]]
name = "BenchSamplesStale"
series = "benchlab_sample_age_seconds"
when = "> 30"
severity = "warning"
summary = "A device has been silent for 30 seconds."
runbook = "${runbooks}/SamplesStale.md"

[[alerts.rules]]
name = "BenchDeviceFailed"
series = "hw_status"
labels = { hw_state = "failed" }
when = "== 1"
for = "30s"
severity = "critical"
summary = "A device has failed or is gone."
runbook = "${runbooks}/DeviceGone.md"

[[alerts.rules]]
name = "BenchHot"
series = "hw_temperature_celsius"
when = "> 90"
for = "2m"
severity = "warning"
summary = "A sensor has been above 90 degrees Celsius for two minutes."
runbook = "${runbooks}/HardwareTemperatureHighWithoutLimit.md"
`;
