package wordpress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// debianKeys verifies every suite's packages; apt refuses unsigned ones.
const debianKeys = "/usr/share/keyrings/debian-archive-keyring.gpg"

// apt reads a suite's packages with a configuration of its own in dir: nothing
// of the machine's package state is read or changed, and no rights are needed.
type apt struct{ dir string }

// newApt fetches the package lists of a Debian suite.
func newApt(ctx context.Context, dir, suite string) (apt, error) {
	a := apt{dir}
	sources, err := debianSources(ctx, suite)
	if err != nil {
		return a, err
	}
	for _, sub := range []string{"lists/partial", "cache/archives/partial", "debs"} {
		if err := os.MkdirAll(a.path(sub), 0o755); err != nil {
			return a, err
		}
	}
	for name, text := range map[string]string{"sources.list": sources, "status": "", "apt.conf": a.config()} {
		if err := os.WriteFile(a.path(name), []byte(text), 0o644); err != nil {
			return a, err
		}
	}
	_, err = a.run(ctx, "apt-get", "-qq", "update")
	return a, err
}

func (a apt) path(name string) string { return filepath.Join(a.dir, name) }

func (a apt) config() string {
	return fmt.Sprintf(`#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "%[1]s/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "%[1]s/lists";
Dir::State::Status "%[1]s/status";
Dir::Cache "%[1]s/cache";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
`, a.dir)
}

// debianSources names a suite on the mirror this machine already uses.
func debianSources(ctx context.Context, suite string) (string, error) {
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI)",
		"Created-By: Packages").Output()
	if err != nil {
		return "", fmt.Errorf("apt-get indextargets: %w", err)
	}
	var main, security string
	for _, uri := range strings.Fields(string(out)) {
		switch path.Base(strings.TrimSuffix(uri, "/")) {
		case "debian":
			main = uri
		case "debian-security":
			security = uri
		}
	}
	if main == "" {
		return "", errors.New("this machine's apt has no Debian mirror")
	}
	lines := fmt.Sprintf("deb [signed-by=%s] %s %s main\n", debianKeys, main, suite)
	if security != "" && suite != "sid" && suite != "forky" { // those two get fixes directly
		lines += fmt.Sprintf("deb [signed-by=%s] %s %s-security main\n", debianKeys, security, suite)
	}
	return lines, nil
}

func (a apt) run(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, append([]string{"-c", a.path("apt.conf")}, args...)...)
	cmd.Dir = a.path("debs")
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, strings.TrimSpace(problems.String()))
	}
	return string(out), nil
}

// wordpressPackage is what apt knows about the package wordpress.
type wordpressPackage struct {
	version string   // of WordPress itself, such as "6.1.9"
	needs   []string // packages whose files it links to, and its theme
}

var (
	upstreamVersion = regexp.MustCompile(`(?m)^Version: (?:\d+:)?([0-9.]+)`)
	relations       = regexp.MustCompile(`(?m)^(?:Depends|Recommends): (.*)`)
	bundledPackage  = regexp.MustCompile(`^(libjs-|php-getid3|libphp-phpmailer|wordpress-theme-)`)
)

func (a apt) wordpress(ctx context.Context) (wordpressPackage, error) {
	text, err := a.run(ctx, "apt-cache", "--no-all-versions", "show", "wordpress")
	if err != nil {
		return wordpressPackage{}, err
	}
	version := upstreamVersion.FindStringSubmatch(text)
	if version == nil {
		return wordpressPackage{}, fmt.Errorf("no version of wordpress in %q", text)
	}
	p := wordpressPackage{version: strings.Trim(version[1], ".")}
	seen := map[string]bool{}
	for _, line := range relations.FindAllStringSubmatch(text, -1) {
		for name := range strings.FieldsFuncSeq(line[1], func(r rune) bool { return r == ',' || r == '|' }) {
			name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
			if bundledPackage.MatchString(name) && !seen[name] {
				seen[name] = true
				p.needs = append(p.needs, name)
			}
		}
	}
	return p, nil
}

// unpack downloads the package with what it links to and writes plain files,
// ready to be served, to target.
func (a apt) unpack(ctx context.Context, p wordpressPackage, target string) error {
	if _, err := a.run(ctx, "apt-get", append([]string{"-qq", "download", "wordpress"}, p.needs...)...); err != nil {
		return err
	}
	debs, err := filepath.Glob(a.path("debs/*.deb"))
	if err != nil {
		return err
	}
	for _, deb := range debs {
		if out, err := exec.CommandContext(ctx, "dpkg-deb", "-x", deb, a.path("files")).CombinedOutput(); err != nil {
			return fmt.Errorf("unpack %s: %w\n%s", filepath.Base(deb), err, out)
		}
	}
	root := a.path("files")
	return copyFollowing(root, filepath.Join(root, "usr/share/wordpress"), target)
}

// debianOnly are files of Debian's package that look for a configuration
// elsewhere and so must not be in a plain WordPress.
var debianOnly = map[string]bool{"wp-config.php": true, ".htaccess": true}

// copyFollowing copies a tree; what links point to is copied in their place.
// Absolute links are meant below root. A link to nowhere is excluded.
func copyFollowing(root, source, target string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if debianOnly[entry.Name()] {
			continue
		}
		from, to := follow(root, filepath.Join(source, entry.Name())), filepath.Join(target, entry.Name())
		info, err := os.Stat(from)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil && info.IsDir():
			err = copyFollowing(root, from, to)
		case err == nil:
			err = copyFile(from, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow returns where a path leads when "/" is root.
func follow(root, path string) string {
	for range 10 { // a loop of links ends in an error of whoever reads it
		link, err := os.Readlink(path)
		switch {
		case err != nil:
			return path
		case filepath.IsAbs(link):
			path = filepath.Join(root, link)
		default:
			path = filepath.Join(filepath.Dir(path), link)
		}
	}
	return path
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
