package docs_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// settings are the variables that the program reads, as its flags declare them.
func settings(t *testing.T) []string {
	t.Helper()
	declared := regexp.MustCompile(`\benv:"(\w+)"`)
	var names []string
	for _, file := range files(t) {
		if strings.HasPrefix(file, "cmd/partner-center/") && strings.HasSuffix(file, ".go") {
			names = append(names, matches(declared, read(t, file))...)
		}
	}
	if len(names) == 0 {
		t.Fatal("cmd/partner-center declares no variables")
	}
	return names
}

// example are the variables of .env.example, those that are commented out included.
func example(t *testing.T) []string {
	t.Helper()
	return matches(regexp.MustCompile(`(?m)^#?([A-Z][A-Z_]+)=`), read(t, ".env.example"))
}

// matches are the first groups of all matches.
func matches(r *regexp.Regexp, text string) []string {
	var all []string
	for _, m := range r.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestEnvExampleListsTheSettings(t *testing.T) {
	declared, listed := settings(t), example(t)
	for _, name := range declared {
		if !slices.Contains(listed, name) {
			t.Errorf("%s is a setting of the program, but not in .env.example", name)
		}
	}
	for _, name := range listed {
		if strings.HasPrefix(name, "PARTNER_CENTER_") && !slices.Contains(declared, name) {
			t.Errorf("%s is in .env.example, but no setting of the program", name)
		}
	}
}

// compose is what the tests know of docker-compose.yml; a key that it does not
// know stops the parse, so that a typing error does.
type compose struct {
	Services map[string]struct {
		Image       string
		Build       string
		Restart     string
		DependsOn   any `yaml:"depends_on"` // a list of services, or a map with conditions
		Environment map[string]string
		Volumes     []string
		Ports       []string
		Healthcheck struct {
			Test     []string
			Interval string
			Retries  int
		}
	}
	Volumes map[string]any
}

func parseCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	if err := yaml.UnmarshalWithOptions([]byte(read(t, "docker-compose.yml")), &c, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if len(c.Services) == 0 {
		t.Fatal("docker-compose.yml has no services")
	}
	return c
}

func TestComposeRefersToWhatExists(t *testing.T) {
	c := parseCompose(t)
	for name, service := range c.Services {
		if (service.Image == "") == (service.Build == "") {
			t.Errorf("%s needs either an image or a build", name)
		}
		for _, other := range dependencies(service.DependsOn) {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s depends on %q, which is no service", name, other)
			}
		}
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			_, named := c.Volumes[source]
			if _, err := os.Stat(source); !named && (!strings.HasPrefix(source, "./") || err != nil) {
				t.Errorf("%s: %q is neither a volume nor a file here", name, source)
			}
		}
	}
}

func dependencies(dependsOn any) []string {
	var names []string
	switch all := dependsOn.(type) {
	case []any:
		for _, name := range all {
			names = append(names, name.(string))
		}
	case map[string]any:
		for name := range all {
			names = append(names, name)
		}
	}
	return names
}

func TestComposeUsesVariablesThatExist(t *testing.T) {
	listed := example(t)
	for _, name := range matches(regexp.MustCompile(`\$\{?(\w+)`), read(t, "docker-compose.yml")) {
		if !slices.Contains(listed, name) {
			t.Errorf("docker-compose.yml takes %s from .env, but .env.example does not list it", name)
		}
	}
	c := parseCompose(t)
	declared := settings(t)
	for name := range c.Services["sidecar"].Environment {
		if !slices.Contains(declared, name) {
			t.Errorf("docker-compose.yml gives the sidecar %s, which is no setting of it", name)
		}
	}
	plugin := pluginSettings(t)
	for name := range c.Services["wordpress"].Environment {
		if strings.HasPrefix(name, "PARTNER_CENTER_") && !slices.Contains(plugin, name) {
			t.Errorf("docker-compose.yml gives WordPress %s, which the plugin does not read", name)
		}
	}
	if len(c.Services["sidecar"].Environment) == 0 || len(plugin) == 0 {
		t.Error("no variables were found to compare")
	}
}

// pluginSettings are the constants or variables that the plugin reads.
func pluginSettings(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, file := range files(t) {
		if strings.HasPrefix(file, "wp-plugin/partner-center/") && strings.HasSuffix(file, ".php") {
			names = append(names, matches(regexp.MustCompile(`'(PARTNER_CENTER_\w+)'`), read(t, file))...)
		}
	}
	return names
}

// instruction is one of a Dockerfile, continued lines joined.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	known := []string{"FROM", "RUN", "CMD", "EXPOSE", "ENV", "COPY", "ENTRYPOINT", "WORKDIR", "ARG", "USER", "LABEL"}
	var all []instruction
	for line := range strings.Lines(strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(known, name) || strings.TrimSpace(rest) == "" {
			t.Fatalf("the Dockerfile has no instruction like %q", line)
		}
		all = append(all, instruction{name, strings.TrimSpace(rest)})
	}
	if len(all) == 0 || all[0].name != "FROM" {
		t.Fatal("the Dockerfile begins with no FROM")
	}
	return all
}

func TestDockerfileFitsTheRepository(t *testing.T) {
	var stages []string
	for _, i := range dockerfile(t) {
		switch i.name {
		case "FROM":
			image, stage, _ := strings.Cut(i.rest, " AS ")
			stages = append(stages, stage)
			checkGoVersion(t, image)
		case "COPY":
			from, rest, ok := strings.Cut(i.rest, " ")
			stage, named := strings.CutPrefix(from, "--from=")
			if named && !slices.Contains(stages, stage) {
				t.Errorf("COPY takes from %q, which is no stage above", stage)
			}
			if !named && ok {
				checkSources(t, strings.Fields(from+" "+rest))
			}
		case "RUN":
			checkBuild(t, i.rest)
		case "CMD", "ENTRYPOINT":
			checkCommand(t, i)
		}
	}
}

// checkGoVersion wants the image to have the Go that go.mod asks for.
func checkGoVersion(t *testing.T, image string) {
	t.Helper()
	version, ok := strings.CutPrefix(image, "golang:")
	if !ok {
		return
	}
	version, _, _ = strings.Cut(version, "-")
	if !strings.Contains(read(t, "go.mod"), "\ngo "+version) {
		t.Errorf("the image is built by Go %s, go.mod asks for another", version)
	}
}

// checkSources wants everything but the last argument of COPY to be here.
func checkSources(t *testing.T, arguments []string) {
	t.Helper()
	for _, name := range arguments[:len(arguments)-1] {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("COPY: %v", err)
		}
	}
}

// checkBuild wants the packages and variables that a build names to be here.
func checkBuild(t *testing.T, command string) {
	t.Helper()
	for _, dir := range matches(regexp.MustCompile(` (\./\S+)`), command) {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("RUN %s: %v", command, err)
		}
	}
	for _, name := range matches(regexp.MustCompile(`-X main\.(\w+)=`), command) {
		if !strings.Contains(read(t, "cmd/partner-center/main.go"), "\nvar "+name+" = ") {
			t.Errorf("the build sets main.%s, which cmd/partner-center does not have", name)
		}
	}
}

// checkCommand wants a JSON list, and of CMD a command of the program.
func checkCommand(t *testing.T, i instruction) {
	t.Helper()
	var arguments []string
	if err := json.Unmarshal([]byte(i.rest), &arguments); err != nil || len(arguments) == 0 {
		t.Fatalf("%s %s is no list: %v", i.name, i.rest, err)
	}
	if i.name == "CMD" && !slices.Contains(commands(t), arguments[0]) {
		t.Errorf("CMD: the program has no command %q", arguments[0])
	}
}

// commands are those of the program, by the names of their fields.
func commands(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, field := range matches(regexp.MustCompile("(?m)^\t(\\w+) +\\w+ +`cmd:"),
		read(t, "cmd/partner-center/main.go")) {
		names = append(names, strings.ToLower(field))
	}
	return names
}

// The license is one, wherever it is named.
func TestLicenseIsTheSameEverywhere(t *testing.T) {
	for file, says := range map[string]string{
		"LICENSE":    "GNU GENERAL PUBLIC LICENSE\n                       Version 3",
		"README.md":  "(GPL-3.0-or-later)",
		"Dockerfile": `org.opencontainers.image.licenses="GPL-3.0-or-later"`,
		"wp-plugin/partner-center/partner-center.php": "License:           GPL-3.0-or-later\n",
		"wp-plugin/partner-center/readme.txt":         "License: GPLv3 or later\n", // as wordpress.org calls it
	} {
		if !strings.Contains(read(t, file), says) {
			t.Errorf("%s does not say %q", file, says)
		}
	}
	for _, file := range files(t) {
		if matched := regexp.MustCompile(`GPLv?-?2|gpl-2\.0`).FindString(read(t, file)); matched != "" && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s says %q", file, matched)
		}
	}
}
