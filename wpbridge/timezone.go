package wpbridge

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	_ "time/tzdata" // small containers have no zone files
)

var offsetFormat = regexp.MustCompile(`^([+-])(\d{2}):(\d{2})$`)

// ParseTimezone reads what WordPress' wp_timezone_string() gives: the name of
// a zone, or an offset such as "+05:30", which becomes a zone of its ZoneName.
func ParseTimezone(name string) (*time.Location, error) {
	if m := offsetFormat.FindStringSubmatch(name); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		seconds := (hours*60 + minutes) * 60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone(ZoneName(name), seconds), nil
	}
	if name == "" || name == "Local" { // Go's own names, unknown to WordPress
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	return time.LoadLocation(name)
}

// ZoneName is what people call a zone of wp_timezone_string(): "UTC" and
// "UTC+05:30" for offsets, which alone read like a slip; "UTC" for "".
func ZoneName(name string) string {
	switch {
	case name == "" || name == "+00:00" || name == "-00:00":
		return "UTC"
	case offsetFormat.MatchString(name):
		return "UTC" + name
	}
	return name
}

// offsetName turns the option gmt_offset, hours such as "5.5" or "-3", into
// the name wp_timezone_string() gives it.
func offsetName(gmtOffset string) (string, error) {
	if gmtOffset == "" {
		return "+00:00", nil
	}
	hours, err := strconv.ParseFloat(gmtOffset, 64)
	if err != nil || hours < -24 || hours > 24 {
		return "", fmt.Errorf(
			"the option gmt_offset is %q, not a number of hours: save Settings → General in WordPress", gmtOffset)
	}
	sign, minutes := '+', int(hours*60)
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("%c%02d:%02d", sign, minutes/60, minutes%60), nil
}
