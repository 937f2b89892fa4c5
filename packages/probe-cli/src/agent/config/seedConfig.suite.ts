/** The configuration file of benchlab-linux-telemetry as its documentation has it, whose users bring it along. */
export const seedConfig = `[general]
data_root = "/var/log/benchlab"  # Root directory for all session data
sample_hz = 10                   # Telemetry sampling frequency (Hz)
node_name = "vantage-ws-01"      # Node identifier for multi-node deployments

[gpu]
provider = "nvml"                # GPU provider (nvml for NVIDIA)
device_index = 0                 # GPU device index (0-based)

[cpu]
enable_rapl = true               # Enable RAPL power readings (Intel/AMD)

[benchlab]
device = "/dev/ttyACM0"          # BENCHLAB USB serial device
baud = 115200                    # Serial baud rate
calibration_interval_sec = 60    # RTT calibration frequency

[pipeline]
stage_a = "ingress"              # Default start stage for latency
stage_b = "encoded"              # Default end stage for latency

[cx_export]
enabled = true                   # Auto-export to CapFrameX format
watch_dir = "/mnt/cx-import"     # Directory for CX CSV files
application_name = "Vantage:Pipeline"  # Application label in CSV

[prometheus]
bind = "0.0.0.0:9109"            # Prometheus exporter bind address

[retention]
days = 90                        # Total data retention period
raw_keep_days = 7                # Raw data retention (aligned kept longer)
`;
