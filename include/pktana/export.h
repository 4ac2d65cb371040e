/* SPDX-License-Identifier: Apache-2.0
 * Marks what libpktana.so exports; everything else stays inside. For the installed headers of this folder; plain C.
 */
#ifndef PKTANA_EXPORT_H
#define PKTANA_EXPORT_H

#if defined(__GNUC__)
#define PKTANA_API __attribute__((visibility("default")))
#else
#define PKTANA_API
#endif

#endif
