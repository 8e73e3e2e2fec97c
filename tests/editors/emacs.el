;;; What a person sees in Emacs: `emacs --batch --load emacs.el', with the recipe of docs/editors.md.  -*- lexical-binding: t -*-
;;; Told as one line of JSON on stdout.

(require 'json)
(require 'seq)
(package-initialize)
(require 'eglot)
(load (getenv "RECIPE") nil t)

(defun wait (what condition)
  "What CONDITION returns, as soon as it returns something; WHAT does not come otherwise."
  (with-timeout (20 (message "this did not come: %s" what) (kill-emacs 1))
    (let (found)
      (while (not (setq found (funcall condition)))
        (accept-process-output nil 0.02))
      found)))

(defun eldoc-buffer ()
  "The buffer that eldoc writes to, whatever it is called."
  (seq-find (lambda (one) (string-match-p "\\*eldoc" (buffer-name one))) (buffer-list)))

(defun hovered (before-cursor)
  "What is shown when the cursor is at the last character of BEFORE-CURSOR."
  (goto-char (point-min))
  (search-forward before-cursor)
  (backward-char)
  (when (eldoc-buffer)
    (kill-buffer (eldoc-buffer)))
  (eldoc)
  (with-current-buffer (wait "a hover" (lambda () (and (eldoc-buffer) (> (buffer-size (eldoc-buffer)) 0) (eldoc-buffer))))
    (buffer-substring-no-properties (point-min) (point-max))))

(defun look ()
  "What there is to see, wherever the buffer is: a file of the workspace, or a source that is in the dump only."
  (wait "the server" #'eglot-current-server)
  (wait "diagnostics" (lambda () (flymake-start) (flymake-diagnostics)))
  (let ((diagnostic (car (flymake-diagnostics)))
        (hover (hovered "/ count")))
    (search-backward "line.")
    (let ((class (xref-item-location (car (xref-backend-definitions 'eglot "LSP identifier at point.")))))
      (list :diagnostic (flymake-diagnostic-text diagnostic)
            :line (line-number-at-pos (flymake-diagnostic-beg diagnostic))
            :hover hover
            :class (xref-location-line class)))))

(find-file (getenv "CRASHED"))
(call-interactively #'eglot)
(let* ((file (look))
       (moved (progn (crashsite-up) (crashsite-up) (line-number-at-pos)))
       (above (hovered "return n"))
       ;; Elsewhere: eldoc asks once for each place.
       (back (progn (crashsite-down) (hovered "if n")))
       (opened (progn (crashsite-open (getenv "GONE")) (line-number-at-pos)))
       (name (buffer-file-name))
       (writable (not buffer-read-only))
       (source (look)))
  (princ (json-encode (list :file file :source source :moved moved :above above :back back
                            :opened opened :name name :writable (or writable :json-false))))
  (terpri))
