/*
 * A library with the binary interface of NVML (API 13) and no driver behind it: what the receiver does with structures,
 * versions, 64-bit counters and return codes is proved against a C compiler's own layout. Written for these tests after
 * the documented interface. What it answers is steered by the file that FAKE_NVML_CONTROL names, read at each call:
 *
 *   gpus N            how many GPUs there are: full, GeForce, partitioned (MIG), lying
 *   code FUNCTION N   this function returns N
 *   lost INDEX        the GPU of this index answers "lost"
 *   order REVERSED    the indices are the other way round
 *   wedge FUNCTION    this function does not return, until the line is gone
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  SUCCESS = 0,
  UNINITIALIZED = 1,
  INVALID_ARGUMENT = 2,
  NOT_SUPPORTED = 3,
  NOT_FOUND = 6,
  INSUFFICIENT_SIZE = 7,
  GPU_IS_LOST = 15,
  ARGUMENT_VERSION_MISMATCH = 25,
};

enum { FULL, GEFORCE, PARTITIONED, LYING, INSTANCE_A, INSTANCE_B, KINDS };

typedef struct device { int kind; } *device_t;
static struct device devices[KINDS] = {{FULL}, {GEFORCE}, {PARTITIONED}, {LYING}, {INSTANCE_A}, {INSTANCE_B}};
static const char *const uuids[KINDS] = {"GPU-00000000-full", "GPU-11111111-geforce", "GPU-22222222-partitioned",
                                         "GPU-33333333-lying", "MIG-aaaaaaaa", "MIG-bbbbbbbb"};
static int initialised = 0;

/* The number behind "WORD NAME" in the control file, or `otherwise`; NAME may be 0. */
static int control(const char *word, const char *name, int otherwise) {
  const char *path = getenv("FAKE_NVML_CONTROL");
  FILE *file = path ? fopen(path, "r") : NULL;
  char line[256], first[64], second[128];
  int number = 0, found = otherwise;
  if (!file) return otherwise;
  while (fgets(line, sizeof line, file)) {
    number = 1;
    second[0] = 0;
    if (sscanf(line, "%63s %127s %d", first, second, &number) < 1 || strcmp(first, word) != 0) continue;
    if (!name) found = atoi(second);
    else if (strcmp(second, name) == 0) found = number;
  }
  fclose(file);
  return found;
}

/* What every function does first. */
static int enter(const char *name) {
  while (control("wedge", name, 0)) usleep(20000);
  int code = control("code", name, SUCCESS);
  if (code != SUCCESS) return code;
  return initialised || strcmp(name, "nvmlInit_v2") == 0 ? SUCCESS : UNINITIALIZED;
}

static int enter_device(const char *name, device_t device) {
  char index[16];
  int code = enter(name);
  if (code != SUCCESS) return code;
  if (device < devices || device >= devices + KINDS) return INVALID_ARGUMENT;
  snprintf(index, sizeof index, "%d", device->kind);
  return control("lost", index, 0) ? GPU_IS_LOST : SUCCESS;
}

#define ENTER(name)                     \
  do {                                  \
    int code_ = enter(name);            \
    if (code_ != SUCCESS) return code_; \
  } while (0)
#define ENTER_DEVICE(name, device)              \
  do {                                          \
    int code_ = enter_device(name, device);     \
    if (code_ != SUCCESS) return code_;         \
  } while (0)

static int put_text(char *out, unsigned length, const char *text) {
  if (strlen(text) + 1 > length) return INSUFFICIENT_SIZE;
  memset(out, 'x', length);
  strcpy(out, text);
  return SUCCESS;
}

int nvmlInit_v2(void) {
  ENTER("nvmlInit_v2");
  initialised++;
  return SUCCESS;
}
int nvmlShutdown(void) {
  if (initialised == 0) return UNINITIALIZED;
  initialised--;
  return SUCCESS;
}
int nvmlSystemGetDriverVersion(char *text, unsigned length) {
  ENTER("nvmlSystemGetDriverVersion");
  return put_text(text, length, "580.99.01");
}
int nvmlDeviceGetCount_v2(unsigned *count) {
  ENTER("nvmlDeviceGetCount_v2");
  *count = (unsigned)control("gpus", NULL, 1);
  return SUCCESS;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, device_t *device) {
  ENTER("nvmlDeviceGetHandleByIndex_v2");
  unsigned count = (unsigned)control("gpus", NULL, 1);
  if (index >= count) return INVALID_ARGUMENT;
  *device = &devices[control("order", "REVERSED", 0) ? count - 1 - index : index];
  return SUCCESS;
}
int nvmlDeviceGetName(device_t device, char *text, unsigned length) {
  static const char *const names[KINDS] = {"Full GPU", "GeForce GPU", "Partitioned GPU", "Lying GPU", "Instance", "Instance"};
  ENTER_DEVICE("nvmlDeviceGetName", device);
  return put_text(text, length, names[device->kind]);
}
int nvmlDeviceGetUUID(device_t device, char *text, unsigned length) {
  ENTER_DEVICE("nvmlDeviceGetUUID", device);
  return put_text(text, length, uuids[device->kind]);
}
int nvmlDeviceGetSerial(device_t device, char *text, unsigned length) {
  ENTER_DEVICE("nvmlDeviceGetSerial", device);
  return device->kind == FULL ? put_text(text, length, "1650123456789") : NOT_SUPPORTED;
}
int nvmlDeviceGetVbiosVersion(device_t device, char *text, unsigned length) {
  ENTER_DEVICE("nvmlDeviceGetVbiosVersion", device);
  return put_text(text, length, "96.00.A5.00.01");
}

typedef struct {
  char legacy_bus_id[16];
  uint32_t domain, bus, device, device_id, subsystem_id;
  char bus_id[32];
} pci_info_t;
int nvmlDeviceGetPciInfo_v3(device_t device, pci_info_t *info) {
  ENTER_DEVICE("nvmlDeviceGetPciInfo_v3", device);
  memset(info, 0, sizeof *info);
  snprintf(info->bus_id, sizeof info->bus_id, "00000000:%02X:00.0", 1 + device->kind);
  return SUCCESS;
}

typedef struct { unsigned gpu, memory; } utilization_t;
int nvmlDeviceGetUtilizationRates(device_t device, utilization_t *rates) {
  ENTER_DEVICE("nvmlDeviceGetUtilizationRates", device);
  if (device->kind >= PARTITIONED && device->kind != LYING) return NOT_SUPPORTED;
  *rates = (utilization_t){device->kind == LYING ? 6553600 : 87, 12};
  return SUCCESS;
}

typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory_v2_t;
int nvmlDeviceGetMemoryInfo_v2(device_t device, memory_v2_t *info) {
  ENTER_DEVICE("nvmlDeviceGetMemoryInfo_v2", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  if (info->version != (sizeof *info | 2u << 24)) return ARGUMENT_VERSION_MISMATCH;
  info->total = device->kind >= INSTANCE_A ? 20ull << 30 : 143771ull << 20;
  info->reserved = 600ull << 20;
  info->used = device->kind == LYING ? ~0ull : 70000ull << 16;
  info->free = info->total - info->used;
  if (device->kind == LYING) info->total = ~0ull;
  return SUCCESS;
}
typedef struct { unsigned long long total, free, used; } memory_t;
int nvmlDeviceGetMemoryInfo(device_t device, memory_t *info) {
  ENTER_DEVICE("nvmlDeviceGetMemoryInfo", device);
  *info = (memory_t){24ull << 30, 18ull << 30, 6ull << 30};
  return SUCCESS;
}
int nvmlDeviceGetPowerUsage(device_t device, unsigned *milliwatts) {
  ENTER_DEVICE("nvmlDeviceGetPowerUsage", device);
  *milliwatts = device->kind == LYING ? ~0u : 300123u + (unsigned)device->kind;
  return SUCCESS;
}
int nvmlDeviceGetTotalEnergyConsumption(device_t device, unsigned long long *millijoules) {
  ENTER_DEVICE("nvmlDeviceGetTotalEnergyConsumption", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  *millijoules = device->kind == LYING ? ~0ull : 0x123456789abull + (unsigned)device->kind;
  return SUCCESS;
}
int nvmlDeviceGetEnforcedPowerLimit(device_t device, unsigned *milliwatts) {
  ENTER_DEVICE("nvmlDeviceGetEnforcedPowerLimit", device);
  *milliwatts = 700000;
  return SUCCESS;
}

typedef struct { unsigned version; int sensor; int celsius; } temperature_t;
int nvmlDeviceGetTemperatureV(device_t device, temperature_t *temperature) {
  ENTER_DEVICE("nvmlDeviceGetTemperatureV", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  if (temperature->version != (sizeof *temperature | 1u << 24)) return ARGUMENT_VERSION_MISMATCH;
  if (temperature->sensor != 0) return INVALID_ARGUMENT;
  temperature->celsius = device->kind == LYING ? 100000 : -7;
  return SUCCESS;
}
int nvmlDeviceGetTemperature(device_t device, unsigned sensor, unsigned *celsius) {
  ENTER_DEVICE("nvmlDeviceGetTemperature", device);
  if (sensor != 0) return INVALID_ARGUMENT;
  *celsius = 63;
  return SUCCESS;
}
int nvmlDeviceGetTemperatureThreshold(device_t device, unsigned type, unsigned *celsius) {
  ENTER_DEVICE("nvmlDeviceGetTemperatureThreshold", device);
  if (type > 3) return INVALID_ARGUMENT;
  *celsius = 95 - type;
  return SUCCESS;
}
int nvmlDeviceGetClockInfo(device_t device, unsigned type, unsigned *megahertz) {
  ENTER_DEVICE("nvmlDeviceGetClockInfo", device);
  *megahertz = 1001 + type;
  return SUCCESS;
}
int nvmlDeviceGetMaxClockInfo(device_t device, unsigned type, unsigned *megahertz) {
  ENTER_DEVICE("nvmlDeviceGetMaxClockInfo", device);
  *megahertz = 2001 + type;
  return SUCCESS;
}
/* The older name only: the newer one is missing, as in drivers before 535. */
int nvmlDeviceGetCurrentClocksThrottleReasons(device_t device, unsigned long long *reasons) {
  ENTER_DEVICE("nvmlDeviceGetCurrentClocksThrottleReasons", device);
  *reasons = 0x4 | 0x40;
  return SUCCESS;
}
int nvmlDeviceGetPerformanceState(device_t device, int *state) {
  ENTER_DEVICE("nvmlDeviceGetPerformanceState", device);
  *state = device->kind == LYING ? 32 : 0;
  return SUCCESS;
}
int nvmlDeviceGetPcieThroughput(device_t device, unsigned counter, unsigned *kilobytes) {
  ENTER_DEVICE("nvmlDeviceGetPcieThroughput", device);
  usleep(20000);
  *kilobytes = counter == 0 ? 111 : 222;
  return SUCCESS;
}
int nvmlDeviceGetCurrPcieLinkGeneration(device_t device, unsigned *generation) {
  ENTER_DEVICE("nvmlDeviceGetCurrPcieLinkGeneration", device);
  *generation = 5;
  return SUCCESS;
}
int nvmlDeviceGetCurrPcieLinkWidth(device_t device, unsigned *width) {
  ENTER_DEVICE("nvmlDeviceGetCurrPcieLinkWidth", device);
  *width = 16;
  return SUCCESS;
}
int nvmlDeviceGetPcieReplayCounter(device_t device, unsigned *count) {
  ENTER_DEVICE("nvmlDeviceGetPcieReplayCounter", device);
  *count = 3;
  return SUCCESS;
}
int nvmlDeviceGetTotalEccErrors(device_t device, int type, int counter, unsigned long long *count) {
  ENTER_DEVICE("nvmlDeviceGetTotalEccErrors", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  if (counter != 0) return INVALID_ARGUMENT;
  *count = type == 0 ? 5 : 1;
  return SUCCESS;
}
int nvmlDeviceGetNumFans(device_t device, unsigned *count) {
  ENTER_DEVICE("nvmlDeviceGetNumFans", device);
  if (device->kind != GEFORCE) return NOT_SUPPORTED;
  *count = 2;
  return SUCCESS;
}
int nvmlDeviceGetFanSpeed_v2(device_t device, unsigned fan, unsigned *percent) {
  ENTER_DEVICE("nvmlDeviceGetFanSpeed_v2", device);
  *percent = 40 + 65 * fan;
  return SUCCESS;
}
typedef struct { unsigned version, fan, rpm; } fan_t;
int nvmlDeviceGetFanSpeedRPM(device_t device, fan_t *speed) {
  ENTER_DEVICE("nvmlDeviceGetFanSpeedRPM", device);
  if (speed->version != (sizeof *speed | 1u << 24)) return ARGUMENT_VERSION_MISMATCH;
  speed->rpm = 1500 + speed->fan;
  return SUCCESS;
}
int nvmlDeviceGetEncoderUtilization(device_t device, unsigned *percent, unsigned *period) {
  ENTER_DEVICE("nvmlDeviceGetEncoderUtilization", device);
  *percent = 31;
  *period = 167000;
  return SUCCESS;
}
int nvmlDeviceGetDecoderUtilization(device_t device, unsigned *percent, unsigned *period) {
  ENTER_DEVICE("nvmlDeviceGetDecoderUtilization", device);
  *percent = 32;
  *period = 167000;
  return SUCCESS;
}

typedef struct { unsigned pid; unsigned long long memory; unsigned gpu_instance, compute_instance; } process_t;
int nvmlDeviceGetComputeRunningProcesses_v3(device_t device, unsigned *count, process_t *processes) {
  ENTER_DEVICE("nvmlDeviceGetComputeRunningProcesses_v3", device);
  if (*count < 2) return INSUFFICIENT_SIZE;
  processes[0] = (process_t){4242, 5ull << 30, ~0u, ~0u};
  processes[1] = (process_t){4243, ~0ull, ~0u, ~0u};
  *count = 2;
  return SUCCESS;
}
typedef struct { unsigned pid; unsigned long long time_us; unsigned sm, memory, encoder, decoder; } process_usage_t;
/* Some 70 samples a process, the latest first, as in the driver's ring: more than there is room for at once. */
int nvmlDeviceGetProcessUtilization(device_t device, process_usage_t *samples, unsigned *count, unsigned long long since) {
  static unsigned long long now = 1700000000000000ull;
  unsigned room = *count, found = 0;
  ENTER_DEVICE("nvmlDeviceGetProcessUtilization", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  if (room < 70) return *count = 70, INSUFFICIENT_SIZE;
  now += 1000000;
  for (unsigned i = 0; i < 35; i++) {
    unsigned long long time = now - i * 100000;
    if (time <= since) continue;
    samples[found++] = (process_usage_t){4242, time, 61 + (i > 0), 99, 62, 63};
    samples[found++] = (process_usage_t){4243, time, 64, 99, 6553600, 0};
  }
  *count = found;
  return found ? SUCCESS : NOT_FOUND;
}

int nvmlDeviceGetCudaComputeCapability(device_t device, unsigned *major, unsigned *minor) {
  ENTER_DEVICE("nvmlDeviceGetCudaComputeCapability", device);
  *major = 9;
  *minor = 0;
  return SUCCESS;
}
int nvmlDeviceGetMigMode(device_t device, unsigned *current, unsigned *pending) {
  ENTER_DEVICE("nvmlDeviceGetMigMode", device);
  if (device->kind == GEFORCE) return NOT_SUPPORTED;
  *current = *pending = device->kind == PARTITIONED;
  return SUCCESS;
}
int nvmlDeviceGetMaxMigDeviceCount(device_t device, unsigned *count) {
  ENTER_DEVICE("nvmlDeviceGetMaxMigDeviceCount", device);
  *count = 7;
  return SUCCESS;
}
int nvmlDeviceGetMigDeviceHandleByIndex(device_t device, unsigned index, device_t *instance) {
  ENTER_DEVICE("nvmlDeviceGetMigDeviceHandleByIndex", device);
  if (index > 1) return NOT_FOUND;
  *instance = &devices[INSTANCE_A + (int)index];
  return SUCCESS;
}

typedef struct {
  unsigned field, scope;
  long long timestamp, latency;
  int type, code;
  union { double d; int i; unsigned u; unsigned long long ull; } value;
} field_t;
int nvmlDeviceGetFieldValues(device_t device, int count, field_t *fields) {
  ENTER_DEVICE("nvmlDeviceGetFieldValues", device);
  for (int i = 0; i < count; i++) {
    fields[i].code = NOT_SUPPORTED;
    if (device->kind == GEFORCE || device->kind == LYING) continue;
    if (fields[i].field == 82) fields[i].type = 1, fields[i].value.u = 77, fields[i].code = SUCCESS;
    if (fields[i].field == 186) fields[i].type = 1, fields[i].value.u = 305500, fields[i].code = SUCCESS;
  }
  return SUCCESS;
}

_Static_assert(sizeof(memory_v2_t) == 40 && sizeof(process_t) == 24 && sizeof(process_usage_t) == 32 && sizeof(field_t) == 40, "layout of nvml.h");
_Static_assert(sizeof(pci_info_t) == 68 && sizeof(temperature_t) == 12 && sizeof(fan_t) == 12, "layout of nvml.h");
