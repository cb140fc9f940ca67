package compute

// Environ sets what the environment asks for: RAYOS_S1=cpu leaves GPUs alone,
// RAYOS_S1=software takes Vulkan adapters that are programs on the CPU too;
// RAYOS_RT_CORE=1 wants ray queries wherever they are and 0 leaves them alone,
// RAYOS_RT_REQUIRED=1 can't do without, and RAYOS_RT_CORE_LOG=1 tells of each
// scene they are made for.
func (c *Config) Environ(getenv func(string) string) {
	switch getenv("RAYOS_S1") {
	case "cpu":
		c.GPU = false
	case "software":
		c.Software = true
	}
	c.RTRequired = getenv("RAYOS_RT_REQUIRED") == "1"
	c.RTLog = getenv("RAYOS_RT_CORE_LOG") == "1"
	c.NoRT = !c.RTRequired && getenv("RAYOS_RT_CORE") == "0"
	c.RT = c.RTRequired || getenv("RAYOS_RT_CORE") == "1"
}
