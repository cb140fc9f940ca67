//go:build pam && cgo

package helper

/*
#cgo LDFLAGS: -lpam
#define _GNU_SOURCE
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// dialogue is what a module may ask for: the password, once.
struct dialogue {
	char *password;
	int asked;
	char said[200];
};

static void forget(struct pam_response *r, int n) {
	for (int i = 0; i < n; i++) {
		if (r[i].resp) {
			explicit_bzero(r[i].resp, strlen(r[i].resp));
			free(r[i].resp);
		}
	}
	free(r);
}

static int converse(int n, const struct pam_message **msg, struct pam_response **resp, void *data) {
	struct dialogue *d = data;
	if (n <= 0 || n > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	struct pam_response *r = calloc(n, sizeof *r);
	if (!r)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++) {
		switch (msg[i]->msg_style) {
		case PAM_PROMPT_ECHO_OFF:
			if (d->asked++ > 0 || !(r[i].resp = strdup(d->password))) {
				forget(r, n);
				return PAM_CONV_ERR;
			}
			break;
		case PAM_ERROR_MSG:
		case PAM_TEXT_INFO:
			if (!d->said[0])
				snprintf(d->said, sizeof d->said, "%s", msg[i]->msg);
			break;
		default:
			forget(r, n);
			return PAM_CONV_ERR;
		}
	}
	*resp = r;
	return PAM_SUCCESS;
}

// check_password returns PAM's answer.
static int check_password(const char *service, const char *user, const char *dir, struct dialogue *d) {
	struct pam_conv conv = {converse, d};
	pam_handle_t *h = NULL;
	int err = dir ? pam_start_confdir(service, user, &conv, dir, &h) : pam_start(service, user, &conv, &h);
	if (err != PAM_SUCCESS)
		return err;
	err = pam_authenticate(h, 0);
	pam_end(h, err);
	return err;
}

static struct dialogue *new_dialogue(const void *password, size_t n) {
	struct dialogue *d = calloc(1, sizeof *d);
	if (d && (d->password = calloc(1, n + 1)))
		memcpy(d->password, password, n);
	return d;
}

static void end_dialogue(struct dialogue *d, size_t n) {
	if (d->password)
		explicit_bzero(d->password, n);
	free(d->password);
	free(d);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

const built = true

// authenticate asks PAM. dir holds the service files, "" for PAM's own places.
func authenticate(dir, user string, password []byte) (verdict, error) {
	service, name := C.CString(Service), C.CString(user)
	defer C.free(unsafe.Pointer(service))
	defer C.free(unsafe.Pointer(name))
	var conf *C.char
	if dir != "" {
		conf = C.CString(dir)
		defer C.free(unsafe.Pointer(conf))
	}
	d := C.new_dialogue(unsafe.Pointer(unsafe.SliceData(password)), C.size_t(len(password)))
	if d == nil || d.password == nil {
		return verdict{}, errors.New("no memory")
	}
	defer C.end_dialogue(d, C.size_t(len(password)))
	switch err := C.check_password(service, name, conf, d); err {
	case C.PAM_SUCCESS:
		return verdict{ok: true}, nil
	case C.PAM_AUTH_ERR, C.PAM_PERM_DENIED, C.PAM_MAXTRIES, C.PAM_USER_UNKNOWN, C.PAM_CRED_INSUFFICIENT, C.PAM_ACCT_EXPIRED:
		return verdict{said: strings.Join(strings.Fields(C.GoString(&d.said[0])), " ")}, nil
	default:
		return verdict{}, fmt.Errorf("PAM: %s", C.GoString(C.pam_strerror(nil, err)))
	}
}
