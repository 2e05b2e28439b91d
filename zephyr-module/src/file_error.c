/* SPDX-License-Identifier: Apache-2.0 */

/* Errors of file systems, as those of the platform contract. */

#include <errno.h>

#include <zephyr/kernel.h>

#include "error.h"
#include "file_error.h"

static const struct {
    uint8_t error;
    uint8_t kind;
} kinds[] = {
    {ENOENT, THIMBLE_PLATFORM_NOT_FOUND},
    {EEXIST, THIMBLE_PLATFORM_ALREADY_EXISTS},
    {ENOTDIR, THIMBLE_PLATFORM_NOT_DIRECTORY},
    {EISDIR, THIMBLE_PLATFORM_IS_DIRECTORY},
    {ENOTEMPTY, THIMBLE_PLATFORM_NOT_EMPTY},
    {EACCES, THIMBLE_PLATFORM_PERMISSION_DENIED},
    {EPERM, THIMBLE_PLATFORM_NOT_PERMITTED},
    {EINVAL, THIMBLE_PLATFORM_INVALID_ARGUMENT},
    {ENOSPC, THIMBLE_PLATFORM_NO_SPACE},
    {EIO, THIMBLE_PLATFORM_IO},
    /* What littlefs says of a damaged medium. */
    {EFAULT, THIMBLE_PLATFORM_IO},
    {ENAMETOOLONG, THIMBLE_PLATFORM_NAME_TOO_LONG},
    {ENOTSUP, THIMBLE_PLATFORM_NOT_SUPPORTED},
    {ENOSYS, THIMBLE_PLATFORM_NOT_SUPPORTED},
    {ENOMEM, THIMBLE_PLATFORM_OUT_OF_MEMORY},
    {EMFILE, THIMBLE_PLATFORM_TOO_MANY_OPEN},
    {ENFILE, THIMBLE_PLATFORM_TOO_MANY_OPEN},
    {EXDEV, THIMBLE_PLATFORM_CROSSES_DEVICES},
    {EROFS, THIMBLE_PLATFORM_READ_ONLY},
    {EFBIG, THIMBLE_PLATFORM_FILE_TOO_LARGE},
    {EBUSY, THIMBLE_PLATFORM_BUSY},
    {ENODEV, THIMBLE_PLATFORM_NO_DEVICE},
    /* The handle is known, so it is the file system that is no longer the same. */
    {EBADF, THIMBLE_PLATFORM_NO_DEVICE},
};

int32_t thimble_file_error(int error)
{
    if (error >= 0) {
        return error;
    }
    for (size_t index = 0; index < ARRAY_SIZE(kinds); index++) {
        if (kinds[index].error == -error) {
            return THIMBLE_PLATFORM_ERROR(kinds[index].kind, -error);
        }
    }
    return THIMBLE_FAILED_WITH(OTHER, error);
}
