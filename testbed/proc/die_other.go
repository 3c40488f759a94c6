//go:build !linux

package proc

import "syscall"

// dieWithParent does nothing: only Linux can tie a child to its parent. Here a
// child outlives a parent that is killed without a chance to stop it.
func dieWithParent(*syscall.SysProcAttr) {}
