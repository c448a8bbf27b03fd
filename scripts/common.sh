# Sourced by the scripts beside it. They stand in the root of the checkout.
#
# configure FOLDER COMPILER COMPILER++ OPTION...  sets a build folder up, or changes its options
# compile FOLDER TARGET...                        builds; the log is shown only when it fails

# python3 in PATH may be one without our packages: Debian's own is named in full.
PYTHON=/usr/bin/python3
export PYTHON

configure() {
    local folder=$1 cc=$2 cxx=$3 log
    shift 3
    mkdir -p "$folder"
    if [ -f "$folder/build.ninja" ]; then
        meson configure "$folder" "$@" >"$folder/setup.log" 2>&1 && return 0
        echo "$folder: cannot be changed as it is, set up anew"
    fi
    log=$(mktemp)
    # what an interrupted set-up leaves behind is in the way of the next one
    rm -rf "$folder"
    if ! CC=$cc CXX=$cxx meson setup "$folder" "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

compile() {
    local folder=$1 log
    shift
    log=$(mktemp)
    if ! ninja -C "$folder" "$@" >"$log" 2>&1; then
        grep -vE '^\[[0-9]+/[0-9]+\] (Compiling|Linking|Generating)' "$log" | tail -n 100 >&2
        rm -f "$log"
        return 1
    fi
    # the release build of the project says its warnings here, once: a clean build says nothing
    grep -A6 -E 'warning:' "$log" | head -n 60 >&2 || true
    rm -f "$log"
}
