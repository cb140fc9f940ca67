package portal

import (
	"github.com/godbus/dbus/v5/introspect"
	"github.com/godbus/dbus/v5/prop"
)

var (
	one = []introspect.Arg{
		{Name: "namespace", Type: "s", Direction: "in"},
		{Name: "key", Type: "s", Direction: "in"},
		{Name: "value", Type: "v", Direction: "out"},
	}
	several = []introspect.Arg{
		{Name: "namespaces", Type: "as", Direction: "in"}, {Name: "value", Type: "a{sa{sv}}", Direction: "out"},
	}
	changes    = []introspect.Signal{{Name: "SettingChanged", Args: []introspect.Arg{{Name: "namespace", Type: "s"}, {Name: "key", Type: "s"}, {Name: "value", Type: "v"}}}}
	properties = []introspect.Property{{Name: "version", Type: "u", Access: "read"}}
)

// description is what bus tools see.
var description = &introspect.Node{
	Name: busPath,
	Interfaces: []introspect.Interface{
		introspect.IntrospectData,
		prop.IntrospectData,
		{
			Name: backFace, Signals: changes, Properties: properties,
			Methods: []introspect.Method{{Name: "ReadAll", Args: several}, {Name: "Read", Args: one}},
		},
		{
			Name: frontFace, Signals: changes, Properties: properties,
			Methods: []introspect.Method{{Name: "ReadAll", Args: several}, {Name: "ReadOne", Args: one}, {Name: "Read", Args: one}},
		},
	},
}
