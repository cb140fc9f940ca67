package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"rayos/rayapps/bundle"
	"rayos/rayapps/manifest"
	"rayos/rayapps/registry"
	"rayos/rayapps/scaffold"
	comealong "rayos/shell/builtin/own"
	"rayos/shell/control"
)

// appOwn are the commands about apps that need no session. Those of the table
// ("app running", "app stop") do.
var appOwn = []struct {
	name, args, help string
	flags            []string // that take a value, or none if they end in "!"
	least, most      int      // arguments
	run              func(*appCall) error
}{
	{"app new", "DIR [--id ID] [--sdk CHECKOUT]", "make the module of a new app: a window, a test, a manifest", []string{"id", "sdk"}, 1, 1, appNew},
	{"app pack", "DIR [--out FILE] [--key FILE]", "pack a folder with a rayapp.toml into a signed bundle", []string{"out", "key"}, 1, 1, appPack},
	{"app verify", "FILE", "check a bundle, and say what is in it", nil, 1, 1, appVerify},
	{"app install", "FILE [--trust FINGERPRINT]", "install a bundle; asks whether to trust a key that is new", []string{"trust"}, 1, 1, appInstall},
	{"app remove", "ID [--keep-data]", "remove an app and all that it has kept", []string{"keep-data!"}, 1, 1, appRemove},
	{"app list", "", "list the apps: those of the session, then those that are installed", nil, 0, 0, appList},
	{"app files", "ID [revoke PATH|all]", "the files that you have given an app, which it may open again", nil, 1, 3, appFiles},
	{"app permissions", "ID [grant|revoke|forget PERMISSION]", "what an app asks for, and what you have decided", nil, 1, 3, appPermissions},
}

// appCall is a command about apps.
type appCall struct {
	args   []string
	flags  map[string]string
	stdin  io.Reader
	out    io.Writer
	getenv func(string) string
}

// appCommand carries out a command about apps; ok says whether it was one.
func appCommand(opt options, words []string, stdin io.Reader, stdout io.Writer) (ok bool, err error) {
	if len(words) < 2 {
		return false, nil
	}
	for i := range appOwn {
		c := &appOwn[i]
		if c.name != words[0]+" "+words[1] {
			continue
		}
		if opt.help {
			_, err := fmt.Fprintf(stdout, "rayctl %s %s\n%s.\n", c.name, c.args, c.help)
			return true, err
		}
		call := &appCall{flags: map[string]string{}, stdin: stdin, out: stdout, getenv: os.Getenv}
		usage := control.Errorf(control.CodeBadArgs, "usage: rayctl %s %s", c.name, c.args)
		for rest := words[2:]; len(rest) > 0; rest = rest[1:] {
			name, value, given := strings.Cut(strings.TrimPrefix(rest[0], "--"), "=")
			switch {
			case !strings.HasPrefix(rest[0], "--"):
				call.args = append(call.args, rest[0])
			case slices.Contains(c.flags, name+"!") && !given:
				call.flags[name] = "true"
			case !slices.Contains(c.flags, name), !given && len(rest) == 1:
				return true, usage
			case given:
				call.flags[name] = value
			default:
				call.flags[name] = rest[1]
				rest = rest[1:]
			}
		}
		if n := len(call.args); n < c.least || n > c.most {
			return true, usage
		}
		return true, c.run(call)
	}
	return false, nil
}

// registry is the person's, with the apps that come along.
func (c *appCall) registry() (*registry.Registry, error) {
	r, err := registry.Default(c.getenv)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r.Own, err = comealong.Apps(filepath.Join(filepath.Dir(self), "rayos-apps"))
	return r, err
}

func appNew(c *appCall) error {
	dir := c.args[0]
	id := c.flags["id"]
	if id == "" {
		name := filepath.Base(filepath.Clean(dir))
		id = "org.example." + strings.ToUpper(name[:1]) + name[1:]
	}
	sdk := c.flags["sdk"]
	if sdk == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		here, err := os.Getwd()
		if err != nil {
			return err
		}
		if sdk, err = scaffold.FindSDK(here, self); err != nil {
			return err
		}
	}
	if err := scaffold.New(dir, id, sdk); err != nil {
		return err
	}
	program := manifest.ShortOf(id)
	_, err := fmt.Fprintf(c.out, "%s is in %s, and builds with %s. Next:\n  cd %s\n  go test .\n  go run .\n  CGO_ENABLED=0 go build -o app/bin/%s .\n  rayctl app pack app\n",
		id, dir, sdk, dir, program)
	return err
}

func appPack(c *appCall) (err error) {
	key := c.flags["key"]
	if key == "" {
		dir := c.getenv("XDG_CONFIG_HOME")
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(c.getenv("HOME"), ".config")
		}
		key = filepath.Join(dir, "rayos", "app-key")
	}
	secret, made, err := bundle.LoadKey(key)
	if err != nil {
		return err
	}
	if made {
		fmt.Fprintf(c.out, "made a key: %s. Keep a copy: without it nobody can update your apps.\n", key)
	}
	f, err := os.CreateTemp(".", ".pack-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	m, err := bundle.Pack(f, os.DirFS(c.args[0]), secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	out := c.flags["out"]
	if out == "" {
		out = m.Short() + "-" + m.Version + ".rayapp"
	}
	if err = errors.Join(os.Chmod(f.Name(), 0o644), os.Rename(f.Name(), out)); err != nil {
		return err
	}
	b, err := bundle.Open(out)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: %s %s, %d files, key %s\n", out, m.ID, m.Version, len(b.Files), bundle.Fingerprint(b.Key))
	return b.Close()
}

func appVerify(c *appCall) error {
	b, err := bundle.Open(c.args[0])
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Verify(); err != nil {
		return err
	}
	m := b.Manifest
	fmt.Fprintf(c.out, "%s %s (%s), key %s\n", m.ID, m.Version, m.Name, bundle.Fingerprint(b.Key))
	for i := range manifest.Permissions {
		p := &manifest.Permissions[i]
		if reason, asks := m.Permissions[p.Name]; asks {
			fmt.Fprintf(c.out, "  asks to %s: %s\n", p.What, reason)
		}
	}
	for _, f := range b.Files {
		fmt.Fprintf(c.out, "  %9d %s\n", f.Size, f.Path)
	}
	return nil
}

func appInstall(c *appCall) error {
	r, err := c.registry()
	if err != nil {
		return err
	}
	b, err := bundle.Open(c.args[0])
	if err != nil {
		return err
	}
	defer b.Close()
	trust := func(fingerprint string) bool {
		if want, given := c.flags["trust"]; given {
			return want == fingerprint
		}
		fmt.Fprintf(c.out, "%s (%s) is new here. Its maker's key is\n  %s\nIs that what they say it is? Type yes to trust it: ", b.Manifest.Name, b.Manifest.ID, fingerprint)
		line, err := bufio.NewReader(io.LimitReader(c.stdin, 100)).ReadString('\n')
		return (err == nil || errors.Is(err, io.EOF)) && strings.TrimSpace(line) == "yes"
	}
	if err := r.Install(b, trust); err != nil {
		return err
	}
	m := b.Manifest
	_, err = fmt.Fprintf(c.out, "installed %s %s; run %s starts it\n", m.ID, m.Version, m.Short())
	return err
}

func appRemove(c *appCall) error {
	r, err := c.registry()
	if err != nil {
		return err
	}
	return r.Remove(c.args[0], c.flags["keep-data"] != "")
}

func appList(c *appCall) error {
	r, err := c.registry()
	if err != nil {
		return err
	}
	apps, bad := r.List()
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RUN\tID\tVERSION\tNAME\tPERMISSIONS")
	for _, a := range apps {
		list, err := r.Permissions(a)
		bad = errors.Join(bad, err)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", cmp.Or(a.Command, a.Short()), a.ID, a.Version, a.Name, strings.Join(registry.Held(list), ","))
	}
	return errors.Join(t.Flush(), bad)
}

func appPermissions(c *appCall) error {
	r, err := c.registry()
	if err != nil {
		return err
	}
	a, err := r.Find(c.args[0])
	if err != nil {
		return err
	}
	if len(c.args) > 1 {
		d, ok := map[string]registry.Decision{"grant": registry.Granted, "revoke": registry.Denied, "forget": registry.Undecided}[c.args[1]]
		if !ok || len(c.args) != 3 {
			return control.Errorf(control.CodeBadArgs, "say grant, revoke or forget, and a permission")
		}
		if err := r.Decide(a, c.args[2], d); err != nil {
			return err
		}
	}
	list, err := r.Permissions(a)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(c.out, "%s asks for nothing\n", a.ID)
		return err
	}
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PERMISSION\tKIND\tHOLDS\tREASON")
	for i := range list {
		s := &list[i]
		holds := "no"
		switch {
		case s.Open():
			holds = "you will be asked"
		case s.Holds():
			holds = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", s.Name, s.Kind, holds, s.Reason)
	}
	return t.Flush()
}

func appFiles(c *appCall) error {
	r, err := c.registry()
	if err != nil {
		return err
	}
	a, err := r.Find(c.args[0])
	if err != nil {
		return err
	}
	if len(c.args) > 1 {
		if c.args[1] != "revoke" || len(c.args) != 3 {
			return control.Errorf(control.CodeBadArgs, "say revoke, and a path or all")
		}
		path := c.args[2]
		if path == "all" {
			path = ""
		} else if path, err = filepath.Abs(path); err != nil {
			return err
		}
		if err := r.TakeFile(a.ID, path); err != nil {
			return err
		}
	}
	list, err := r.Files(a.ID)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(c.out, "%s has no files of yours\n", a.ID)
		return err
	}
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "GIVEN\tMAY\tPATH")
	for _, g := range list {
		may := "read"
		if g.Write {
			may = "write"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", g.When.Local().Format("2006-01-02 15:04"), may, strconv.Quote(g.Path))
	}
	return t.Flush()
}
